/** Time comes in through constructors, so that a test can hold it still. */
export interface Clock {
  /** Monotonic, in microseconds, from an arbitrary start: for intervals. Not touched by wall clock jumps. */
  monotonicMicros(): number;
  /** Wall clock, in Unix milliseconds: for showing to people. */
  unixMs(): number;
}

export const systemClock: Clock = {
  monotonicMicros: () => Math.round(performance.now() * 1000),
  unixMs: () => Date.now(),
};
