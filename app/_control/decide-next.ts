/**
 * What follows from the end of an attempt, whoever said that it ended: its recorder, or the reconciler.
 *
 *   again   another attempt records on: at once after one that stored media, later and later after fruitless ones
 *   join    capturing is over: what several attempts stored, or one that did not finish, is joined into finished files
 *   ready   the attempt made the finished files
 *   over    nothing was stored: failed, or absent
 *
 * A recording that has media becomes ready in the end. When it did not end as it was meant to, `error` says why.
 */
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import type { FinishedMedia } from '../../recorder/contract/media.ts';
import { failureReasons, type Outcome, type StopReason } from '../../recorder/contract/report.ts';
import { hasStored } from './merge-attempts.ts';
import {
  MAX_ATTEMPTS,
  MAX_FRUITLESS,
  MAX_JOIN_RETRIES,
  OUTAGE_PATIENCE_MS,
  RETRY_DELAY_MOST_MS,
  RETRY_DELAY_MS,
} from './timing.ts';

export type RecordingError = NonNullable<RecordingRow['error']>;

export type NextStep =
  | { kind: 'again'; delayMs: number }
  | { kind: 'join'; stopReason: StopReason | null; error: RecordingError | null }
  | { kind: 'ready'; media: FinishedMedia[]; stopReason: StopReason | null; error: RecordingError | null }
  | { kind: 'over'; status: 'failed' | 'absent'; stopReason: StopReason | null; error: RecordingError };

export interface EndedAttempt {
  /** As it was before this end. */
  recording: Pick<RecordingRow, 'status' | 'command' | 'stopReason' | 'error' | 'requestedAt'>;
  /** All of the recording, oldest first, the ended one with its outcome. */
  attempts: readonly AttemptRow[];
  attempt: AttemptRow;
  outcome: Outcome;
  /** What its recorder said, when it was not believed. */
  said?: Outcome;
  /** `unknown` also when nobody looked. */
  participant: 'there' | 'gone' | 'unknown';
  now: Date;
}

export function decideNext(ended: EndedAttempt): NextStep {
  const { outcome, attempt, attempts } = ended;
  if (attempt.kind === 'finalise') return afterJoining(ended);
  const others = attempts.filter((one) => one.kind === 'record' && one.id !== attempt.id && hasStored(one));
  if (outcome.kind === 'finished') {
    const { stopReason, media } = outcome;
    return others.length === 0
      ? { kind: 'ready', media, stopReason, error: null }
      : { kind: 'join', stopReason, error: null };
  }
  return outcome.kind === 'absent' ? afterAbsence(ended, others, outcome) : afterFailure(ended, others, outcome);
}

function afterAbsence(
  { recording, participant }: EndedAttempt,
  others: readonly AttemptRow[],
  outcome: Extract<Outcome, { kind: 'absent' }>,
): NextStep {
  if (others.length === 0) {
    const error = { reason: 'participant.absent', message: outcome.message };
    return { kind: 'over', status: 'absent', stopReason: recording.command === 'stop' ? 'requested' : null, error };
  }
  // It is there, and silent since before the recorder was replaced: the recording waits for it as it did before.
  if (isWanted(recording) && participant === 'there') return { kind: 'again', delayMs: 0 };
  if (recording.command === 'stop') return { kind: 'join', stopReason: 'requested', error: cutShort(others) };
  return { kind: 'join', stopReason: 'participant-left', error: cutShort(others) };
}

function afterFailure(
  ended: EndedAttempt,
  others: readonly AttemptRow[],
  outcome: Extract<Outcome, { kind: 'failed' }>,
): NextStep {
  const { recording, attempt, said, participant } = ended;
  const stopReason = said?.kind === 'finished' ? said.stopReason : recording.command === 'stop' ? 'requested' : null;
  const error = { reason: outcome.reason, message: outcome.message };
  if (outcome.retryable && isWanted(recording) && participant !== 'gone') {
    const delayMs = delayBeforeNext(ended);
    if (delayMs !== undefined) return { kind: 'again', delayMs };
  }
  if (!hasStored(attempt) && others.length === 0) return { kind: 'over', status: 'failed', stopReason, error };
  // Capturing was over already: nothing of it is missing.
  const wasMeant = recording.status === 'finalising' || stopReason !== null;
  return { kind: 'join', stopReason: stopReason ?? recording.stopReason, error: wasMeant ? null : error };
}

/** Nobody stopped it, and it has not come to its end by itself. */
function isWanted({ status, command }: EndedAttempt['recording']): boolean {
  return command !== 'stop' && ['requested', 'starting', 'recording', 'paused'].includes(status);
}

/** Undefined: it has been tried often enough. */
function delayBeforeNext({ attempts, recording, now }: EndedAttempt): number | undefined {
  const records = attempts.filter((one) => one.kind === 'record');
  if (records.filter((one) => one.outcome?.kind !== 'absent').length >= MAX_ATTEMPTS) return undefined;
  const lastGood = records.findLastIndex(hasStored);
  // A worker that was told to go before it began did not try.
  const fruitless = records.slice(lastGood + 1).flatMap(({ outcome }) => (outcome && isTry(outcome) ? [outcome] : []));
  if (fruitless.length === 0) return 0;
  const delayMs = Math.min(RETRY_DELAY_MOST_MS, RETRY_DELAY_MS * 2 ** (fruitless.length - 1));
  if (fruitless.length < MAX_FRUITLESS) return delayMs;
  // LiveKit is away for everybody, which is no reason to give up a recording that can go on afterwards.
  const sinceMs = (records[lastGood]?.endedAt ?? recording.requestedAt).getTime();
  const isOutage = fruitless.every((one) => one.kind === 'failed' && one.fault === 'livekit');
  return isOutage && now.getTime() - sinceMs < OUTAGE_PATIENCE_MS ? delayMs : undefined;
}

function isTry(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.reason !== failureReasons.shutdown;
}

/** Why the recording goes no further than its last attempt with media. */
function cutShort(others: readonly AttemptRow[]): RecordingError | null {
  const last = others.at(-1)?.outcome;
  if (last?.kind !== 'failed') return null;
  return {
    reason: 'participant.not-back',
    message: `${last.message} When a recorder was there again, the participant was not.`,
  };
}

function afterJoining({ recording, attempts, outcome }: EndedAttempt): NextStep {
  const { stopReason, error } = recording;
  if (outcome.kind === 'finished') return { kind: 'ready', media: outcome.media, stopReason, error };
  const message = outcome.message;
  const tries = attempts.filter((one) => one.kind === 'finalise' && !lacksRoom(one.outcome)).length;
  const isFinal = tries > MAX_JOIN_RETRIES || (outcome.kind === 'failed' && !outcome.retryable);
  if (!isFinal) return { kind: 'join', stopReason, error };
  const failure = {
    reason: outcome.kind === 'failed' ? outcome.reason : 'join.empty',
    message: `What was recorded could not be joined into one file: ${message} Its parts can be played.`,
  };
  return { kind: 'over', status: 'failed', stopReason, error: failure };
}

/** A person makes room, however long that takes: all that was captured waits in the store. */
function lacksRoom(outcome: Outcome | null): boolean {
  return outcome?.kind === 'failed' && outcome.reason === failureReasons.spoolFull;
}
