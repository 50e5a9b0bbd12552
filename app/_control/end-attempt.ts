/** An attempt has ended → its recording goes on in another one, is joined, is ready, or is over. For holders of the lock. */
import type { Logger } from 'pino';
import type { Queryable } from '../../db/client.ts';
import type { LockedRecording } from '../../db/queries/lock-recording.ts';
import { type RecordingChange, updateRecording } from '../../db/queries/update-recording.ts';
import { queuePreviews } from '../../db/queries/write-previews.ts';
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import type { Outcome } from '../../recorder/contract/report.ts';
import { decideNext, type EndedAttempt, type NextStep } from './decide-next.ts';
import { previewMediumOf } from './hand-out-previews.ts';
import { queueInPool } from './launcher/pool.ts';
import { type MergedFacts, mergeAttempts } from './merge-attempts.ts';
import { moveRecording } from './move-recording.ts';

/** `attempts` holds the ended one as it is now. Returns the recording as it is now; telling of it is the caller's. */
export async function endAttempt(
  log: Logger,
  db: Queryable,
  locked: LockedRecording & { attempt: AttemptRow },
  end: { outcome: Outcome; stoppedAt: Date | null } & Pick<EndedAttempt, 'said' | 'participant'>,
): Promise<RecordingRow> {
  const { recording, attempts, attempt, now } = locked;
  const next = decideNext({ recording, attempts, attempt, now, ...end });
  const merged = mergeAttempts(attempts);
  const figures = figuresOf(recording, merged);
  const after = await updateRecording(db, recording.id, {
    ...figures,
    ...changeOf(next, recording, end.stoppedAt ?? stoppedAtOf(figures, now)),
  });
  if (next.kind === 'again') {
    await queueInPool(db, { recordingId: recording.id, epoch: after.epoch, delayMs: next.delayMs });
  }
  if (after.status === 'ready' && previewMediumOf(after)) await queuePreviews(db, after.id);
  const { outcome } = end;
  const how = outcome.kind === 'failed' ? outcome.reason : outcome.kind;
  log.info({ recordingId: recording.id, attemptId: attempt.id, how, next: next.kind }, 'attempt.ended');
  return after;
}

function changeOf(next: NextStep, recording: RecordingRow, stoppedAt: Date): RecordingChange {
  if (next.kind === 'again') return { status: 'requested', epoch: recording.epoch + 1, stoppedAt: null };
  const { stopReason, error } = next;
  if (next.kind === 'join') return { status: 'finalising', stopReason, error, stoppedAt };
  if (next.kind === 'over') {
    // It has to end, whatever was said before.
    return { status: moveRecording(recording.status, next.status) ?? 'failed', stopReason, error, stoppedAt };
  }
  return {
    status: 'ready',
    stopReason,
    error,
    stoppedAt,
    media: next.media,
    durationMs: Math.max(...next.media.map((media) => (media.startMs ?? 0) + media.durationMs)),
    sizeBytes: next.media.reduce((sum, media) => sum + media.sizeBytes, 0),
  };
}

/** The recording's columns, without what is not known (any more). */
export function figuresOf(recording: RecordingRow, merged: MergedFacts) {
  const { durationMs, sizeBytes, tracks, gaps } = merged;
  return { startedAt: merged.startedAt ?? recording.startedAt, durationMs, sizeBytes, tracks, gaps };
}

/**
 * When capturing ended: where its media end, and later by what was waited without media, if the recorder says so. Its wall
 * clock is believed as far as the database's allows.
 */
export function stoppedAtOf(
  { startedAt, durationMs }: Pick<RecordingRow, 'startedAt' | 'durationMs'>,
  now: Date,
  saidUnixMs?: number,
): Date {
  const earliest = startedAt ? startedAt.getTime() + durationMs : now.getTime();
  return new Date(Math.min(now.getTime(), Math.max(earliest, saidUnixMs ?? earliest)));
}
