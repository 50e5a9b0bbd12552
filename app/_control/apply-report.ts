/**
 * One recorder's report → the rows of its recording.
 *
 * Only the attempt with the recording's epoch may write, and only until it has ended: every other one is answered
 * `abandon` and changes nothing. The lease is renewed on the database's clock. A report that comes again changes
 * nothing more: segments replace themselves, figures are the newest, moves that were made are made.
 */
import { findAttempt, lockRecordingOfAttempt } from '../../db/queries/lock-recording.ts';
import { updateAttempt } from '../../db/queries/update-attempt.ts';
import { type RecordingChange, updateRecording } from '../../db/queries/update-recording.ts';
import { upsertSegments } from '../../db/queries/upsert-segments.ts';
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import type { Outcome, Report, ReportReply } from '../../recorder/contract/report.ts';
import type { Control } from './control.ts';
import { queueInPool } from './launcher/pool.ts';
import { checkFinishedMedia, isBelow } from './media/check-finished-media.ts';
import { moveRecording, stateOfAttempt } from './move-recording.ts';
import { objectPrefixOf } from './object-prefix.ts';
import { isFinal } from './present-recording.ts';
import { recordEvents } from './record-events.ts';
import { isReportToken } from './report-token.ts';
import { LEASE_MS, MAX_ATTEMPTS, RETRY_DELAY_MS } from './timing.ts';

export type AttemptReply = ReportReply['attempts'][number] & {
  /** Whose live figures they are; undefined when the report was refused. */
  recordingId?: string;
};

export async function applyReport(control: Control, report: Report): Promise<AttemptReply> {
  const { attemptId, epoch } = report;
  const abandon: AttemptReply = { attemptId, command: 'abandon', leaseMs: 0, accepted: false };
  if (!isReportToken(report.reportToken, control.environment.appSecret, attemptId, epoch)) {
    control.log.warn({ attemptId, epoch }, 'report.refused: its token is not the one of this attempt');
    return abandon;
  }
  // Asked before the transaction: the store may take its time, a locked row must not.
  const outcome = report.outcome && (await checkOutcome(control, report, report.outcome));
  if (outcome === 'unknown') {
    return { attemptId, command: 'continue', leaseMs: LEASE_MS, accepted: false };
  }
  return control.database.db.transaction(async (db) => {
    const locked = await lockRecordingOfAttempt(db, attemptId);
    if (!locked || !mayWrite(locked, report)) return abandon;
    const { recording, attempt } = locked;
    const accepted: AttemptReply = {
      attemptId,
      command: recording.command,
      leaseMs: LEASE_MS,
      accepted: true,
      recordingId: recording.id,
    };
    await upsertSegments(db, attemptId, ownSegments(control, recording, report));
    // Sent again because our answer was lost: all of it is here already.
    if (attempt.state === 'ended') return accepted;

    await updateAttempt(db, attemptId, { state: report.state, stats: report.stats, leaseMs: LEASE_MS, outcome });
    const change = { ...figuresOf(recording, report), ...progressOf(control, recording, report, outcome) };
    const after = await updateRecording(db, recording.id, change);
    if (after.epoch > recording.epoch) {
      await queueInPool(db, {
        recordingId: recording.id,
        epoch: after.epoch,
        delayMs: RETRY_DELAY_MS * 2 ** (recording.epoch - 1),
      });
    }
    if (isWorthTelling(recording, after, report)) await recordEvents(db, [after]);
    return accepted;
  });
}

async function checkOutcome(control: Control, report: Report, outcome: Outcome): Promise<Outcome | 'unknown'> {
  const attempt = await findAttempt(control.database.db, report.attemptId);
  if (!attempt) return outcome;
  return checkFinishedMedia(control, outcome, objectPrefixOf(attempt.recordingId, attempt.id));
}

/** The fence. */
function mayWrite({ recording, attempt }: { recording: RecordingRow; attempt: AttemptRow }, report: Report): boolean {
  if (attempt.epoch !== report.epoch || recording.epoch !== attempt.epoch) return false;
  if (attempt.state === 'queued') return false;
  return attempt.state !== 'ended' || (report.state === 'ended' && !wasTakenAway(attempt.outcome));
}

/** The control plane ended this attempt itself (`control.…`), not its recorder. */
export function wasTakenAway(outcome: Outcome | null): boolean {
  return outcome?.kind === 'failed' && outcome.reason.startsWith('control.');
}

function ownSegments(control: Control, recording: RecordingRow, report: Report): Report['segments'] {
  const own = report.segments.filter((segment) => isBelow(segment.key, objectPrefixOf(recording.id, report.attemptId)));
  if (own.length < report.segments.length) {
    control.log.warn({ attemptId: report.attemptId }, 'report.segment-refused: its key lies outside of its attempt');
  }
  return own;
}

function figuresOf(recording: RecordingRow, report: Report): RecordingChange {
  return {
    startedAt: recording.startedAt ?? dateOf(report.startedAtUnixMs),
    stoppedAt: dateOf(report.stoppedAtUnixMs),
    durationMs: report.stats.durationMs,
    sizeBytes: report.stats.sizeBytes,
    tracks: report.tracks,
    gaps: report.gaps,
  };
}

function dateOf(unixMs: number | undefined): Date | undefined {
  return unixMs === undefined ? undefined : new Date(unixMs);
}

function progressOf(
  control: Control,
  recording: RecordingRow,
  report: Report,
  outcome: Outcome | undefined,
): RecordingChange {
  if (outcome?.kind === 'failed' && mayRetry(recording, outcome)) {
    return { status: 'requested', epoch: recording.epoch + 1, stoppedAt: null };
  }
  const wanted = stateOfAttempt(report.state, outcome);
  // What an earlier attempt recorded is there, so the participant was not absent: it was lost.
  const hadMedia = wanted === 'absent' && recording.startedAt !== null;
  const status =
    moveRecording(recording.status, hadMedia ? 'failed' : wanted) ??
    // Its recorder has ended, so it has to end too, whatever was said before.
    (outcome && moveRecording(recording.status, 'failed'));
  if (status === undefined) {
    control.log.warn({ recordingId: recording.id, from: recording.status, to: wanted }, 'recording.illegal-move');
    return {};
  }
  const stoppedAt = dateOf(report.stoppedAtUnixMs) ?? recording.stoppedAt ?? new Date();
  if (outcome?.kind === 'finished') {
    return {
      status,
      stopReason: outcome.stopReason,
      stoppedAt,
      media: outcome.media,
      durationMs: Math.max(...outcome.media.map((media) => media.durationMs)),
      sizeBytes: outcome.media.reduce((sum, media) => sum + media.sizeBytes, 0),
      error: null,
    };
  }
  if (outcome === undefined) return { status };
  const error = hadMedia
    ? {
        reason: 'participant.not-back',
        message:
          'The recorder was replaced and the participant did not come back. What was stored before can be played.',
      }
    : { reason: outcome.kind === 'failed' ? outcome.reason : 'participant.absent', message: outcome.message };
  return { status, error, stoppedAt };
}

function mayRetry(recording: RecordingRow, outcome: Extract<Outcome, { kind: 'failed' }>): boolean {
  return (
    outcome.retryable &&
    recording.command !== 'stop' &&
    recording.epoch < MAX_ATTEMPTS &&
    moveRecording(recording.status, 'requested') === 'requested'
  );
}

/** Figures go out with every report; the log gets what a page shows differently afterwards. */
function isWorthTelling(before: RecordingRow, after: RecordingRow, report: Report): boolean {
  const shape = (row: RecordingRow) =>
    JSON.stringify([
      row.status,
      row.epoch,
      row.startedAt,
      row.tracks.map((track) => [track.source, track.codec, track.width, track.height]),
      // Losses may come every second; they are in the next telling.
      row.gaps.filter((gap) => gap.reason !== 'packet-loss').length,
    ]);
  return shape(before) !== shape(after) || (!isFinal(before.status) && report.segments.some((s) => s.sequence === 1));
}

/** What an attempt that a worker holds shall do; undefined: there is no such attempt (any more). */
export function commandFor(
  held:
    | {
        epoch: number;
        recordingEpoch: number;
        state: string;
        outcome: Outcome | null;
        command: AttemptReply['command'];
      }
    | undefined,
): AttemptReply['command'] {
  if (!held || held.epoch !== held.recordingEpoch) return 'abandon';
  if (held.state === 'queued' || (held.state === 'ended' && wasTakenAway(held.outcome))) return 'abandon';
  return held.command;
}
