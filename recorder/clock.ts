import { readFileSync } from 'node:fs';

/** Time comes in through constructors, so that a test can hold it still. */
export interface Clock {
  /** Monotonic, in microseconds, from an arbitrary start: for intervals. Not touched by wall clock jumps. */
  monotonicMicros(): number;
  /** Wall clock, in Unix milliseconds: for showing to people. */
  unixMs(): number;
  /** Names the start of the monotonic clock: with the same one, a time that another process noted means the same here. */
  readonly epoch?: string;
}

/** Counts from the machine's start, so that what a process noted before it died can still be compared. */
const originMicros = Number(process.hrtime.bigint() / 1000n) - Math.round(performance.now() * 1000);

export const systemClock: Clock = {
  monotonicMicros: () => originMicros + Math.round(performance.now() * 1000),
  unixMs: () => Date.now(),
  epoch: bootId(),
};

/** Undefined where the system does not say: then no process believes the times of another. */
function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}
