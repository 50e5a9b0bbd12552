import type { Fault } from './contract/report.ts';

/**
 * A recording cannot go on, for a reason the outside world has to be told. Losses that a recording survives are
 * counted, not thrown; a broken invariant of ours is a plain Error.
 */
export class TaskError extends Error {
  /** @param reason a stable dotted word such as `livekit.refused`; `message` is a sentence that names the fix. */
  constructor(
    readonly reason: string,
    message: string,
    readonly fault: Fault,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TaskError';
  }
}
