/** How the end of a recording is told to the outside. */
import type { FinishedMedia } from './contract/media.ts';
import { failureReasons, type Outcome, type StopReason } from './contract/report.ts';
import { TaskError } from './task-error.ts';

/** Why capturing ended. */
export type Ending =
  | { kind: 'stopped'; reason: StopReason }
  /** Nothing came within this time. */
  | { kind: 'absent'; afterMs: number }
  | { kind: 'failed'; error: unknown };

export function outcomeOf(ending: Exclude<Ending, { kind: 'failed' }>, media: FinishedMedia[]): Outcome {
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

export type FailedOutcome = Extract<Outcome, { kind: 'failed' }>;

/** What is no TaskError is a defect of ours; another attempt may not meet it. */
export function failedOutcome(error: unknown): FailedOutcome {
  if (error instanceof TaskError) {
    const { reason, message, fault, retryable } = error;
    return { kind: 'failed', reason, message, fault, retryable };
  }
  const message = `The recorder broke off: ${error instanceof Error ? error.message : String(error)}`;
  return { kind: 'failed', reason: 'recorder.defect', message, fault: 'system', retryable: true };
}

export function abandonedError(): TaskError {
  return new TaskError('recording.abandoned', 'The recording was handed to another recorder.', 'system', false);
}

export function discardedError(): TaskError {
  return new TaskError('recording.discarded', 'Nobody wants the recording any more.', 'system', false);
}

export function handedOverError(): TaskError {
  return new TaskError(
    failureReasons.shutdown,
    'The recorder was asked to stop; another one goes on with the recording.',
    'system',
    true,
  );
}

/** @param how as its supervisor says it: "killed by SIGKILL" */
export function killedOutcome(how: string | undefined): FailedOutcome {
  return {
    kind: 'failed',
    reason: failureReasons.killed,
    message: `The recorder's process ended in the middle of the recording${how ? `: ${how}` : ''}.`,
    fault: 'system',
    retryable: true,
  };
}
