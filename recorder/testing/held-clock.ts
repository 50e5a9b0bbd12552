import type { Clock } from '../clock.ts';
import type { Tick } from '../rtp/ticker.ts';

/** For tests: time that passes only when told to, with a ticker that ticks every 25 ms of it. */
export class HeldClock implements Clock {
  #nowMicros = 0;
  #ticks = new Set<Tick>();

  monotonicMicros(): number {
    return this.#nowMicros;
  }

  unixMs(): number {
    return 1_790_000_000_000 + this.#nowMicros / 1000;
  }

  readonly ticker = {
    add: (tick: Tick) => {
      this.#ticks.add(tick);
      return () => this.#ticks.delete(tick);
    },
  };

  /** Time goes on to this many milliseconds since the start. */
  passTo(ms: number): void {
    while (this.#nowMicros < ms * 1000) {
      this.#nowMicros = Math.min(ms * 1000, this.#nowMicros + 25_000);
      for (const tick of this.#ticks) tick();
    }
  }
}
