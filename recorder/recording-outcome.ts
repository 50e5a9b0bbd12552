/** How the end of a recording is told to the outside. */
import type { FinishedMedia } from './contract/media.ts';
import type { Outcome, StopReason } from './contract/report.ts';
import { TaskError } from './task-error.ts';

/** Why capturing ended. */
export type Ending =
  | { kind: 'stopped'; reason: StopReason }
  /** Nothing came within this time. */
  | { kind: 'absent'; afterMs: number }
  | { kind: 'failed'; error: unknown };

/** @throws what made it fail */
export function outcomeOf(ending: Ending, media: FinishedMedia[]): Outcome {
  if (ending.kind === 'failed') throw ending.error;
  if (ending.kind === 'absent') {
    const seconds = Math.round(ending.afterMs / 1000);
    return {
      kind: 'absent',
      message: `The participant published nothing that was to be recorded within ${seconds} s.`,
    };
  }
  if (media.length === 0) {
    const message =
      ending.reason === 'participant-left'
        ? 'The participant left before publishing anything that was to be recorded.'
        : 'The recording was stopped before the participant published anything that was to be recorded.';
    return { kind: 'absent', message };
  }
  return { kind: 'finished', stopReason: ending.reason, media };
}

/** @throws what is no TaskError: a defect of ours, which whoever runs the recording tells apart */
export function failedOutcome(error: unknown): Outcome {
  if (!(error instanceof TaskError)) throw error;
  const { reason, message, fault, retryable } = error;
  return { kind: 'failed', reason, message, fault, retryable };
}

export function abandonedError(): TaskError {
  return new TaskError('recording.abandoned', 'The recording was handed to another recorder.', 'system', false);
}
