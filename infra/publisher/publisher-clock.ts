import type { Clock } from '../../recorder/clock.ts';

export interface PublisherClockOptions {
  clock: Clock;
  /** How far the publisher's wall clock is ahead of ours. */
  offsetMs?: number;
  /** How much faster it runs, in millionths. */
  driftPpm?: number;
}

/** Time as the publisher's computer knows it: frames are due by it, and its sender reports show it. */
export class PublisherClock {
  readonly #clock: Clock;
  readonly #rate: number;
  readonly #startMicros: number;
  readonly #startNtpMicros: number;

  constructor({ clock, offsetMs = 0, driftPpm = 0 }: PublisherClockOptions) {
    this.#clock = clock;
    this.#rate = 1 + driftPpm / 1_000_000;
    this.#startMicros = clock.monotonicMicros();
    this.#startNtpMicros = (clock.unixMs() + offsetMs) * 1000;
  }

  /** Since the publisher was made. */
  micros(): number {
    return (this.#clock.monotonicMicros() - this.#startMicros) * this.#rate;
  }

  /** Its wall clock at a moment of `micros`, as Unix microseconds. */
  ntpMicrosAt(micros: number): number {
    return this.#startNtpMicros + micros;
  }
}
