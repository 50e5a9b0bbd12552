/**
 * One timer for all receivers of the process: a hundred recordings with timers of their own would spend more on
 * timers than on packets.
 */

/** Repair and reports need no finer step: NACKs are also sent when packets arrive. */
const STEP_MS = 25;

export type Tick = () => void;

export class Ticker {
  readonly #ticks = new Set<Tick>();
  #timer: NodeJS.Timeout | undefined;

  /** Calls `tick` every 25 ms until the returned function is called. */
  add(tick: Tick): () => void {
    this.#ticks.add(tick);
    this.#timer ??= setInterval(() => {
      for (const each of this.#ticks) each();
    }, STEP_MS);
    return () => {
      this.#ticks.delete(tick);
      if (this.#ticks.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    };
  }
}

export const processTicker = new Ticker();
