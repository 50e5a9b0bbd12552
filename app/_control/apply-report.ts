/**
 * One recorder's report → the rows of its recording.
 *
 * The fence, for a report with the right token of its attempt:
 *
 *   its recording was deleted, or is final       discard       nothing is written
 *   nobody has taken it from the queue           abandon       nothing is written
 *   it runs, and has the recording's epoch       its command   everything is written
 *   it has ended, by its own word                its command   segments are still taken, with the gaps in them
 *   it was taken away, or another has the epoch  abandon       the same, as salvage
 *
 * The lease is renewed on the database's clock. A report that comes again changes nothing more: segments replace
 * themselves, figures are the newest, moves that were made are made.
 */
import type { Queryable } from '../../db/client.ts';
import { countSegments } from '../../db/queries/list-segments.ts';
import { findAttempt, lockRecordingOfAttempt } from '../../db/queries/lock-recording.ts';
import { type AttemptFactsChange, updateAttempt } from '../../db/queries/update-attempt.ts';
import { updateRecording } from '../../db/queries/update-recording.ts';
import { upsertSegments } from '../../db/queries/upsert-segments.ts';
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import type { LiveStats, Outcome, Report, ReportReply } from '../../recorder/contract/report.ts';
import type { Control } from './control.ts';
import { endAttempt, figuresOf, stoppedAtOf } from './end-attempt.ts';
import { factsOfReport, ownSegments } from './facts-of-report.ts';
import { joinSoon } from './join-attempts.ts';
import { checkFinishedMedia } from './media/check-finished-media.ts';
import { mergeAttempts } from './merge-attempts.ts';
import { moveRecording, stateOfAttempt } from './move-recording.ts';
import { objectPrefixOf } from './object-prefix.ts';
import { presenceOf } from './presence.ts';
import { isFinal } from './present-recording.ts';
import { recordEvents } from './record-events.ts';
import { isReportToken } from './report-token.ts';
import { sampleAttempt } from './sample-attempt.ts';
import { LEASE_MS } from './timing.ts';

export type AttemptReply = ReportReply['attempts'][number] & {
  /** Live figures of the whole recording; undefined when nothing came of the report. */
  live?: { recordingId: string; stats: LiveStats };
};

/** @param storePatience aborted when the store has been waited for long enough: the other reports have leases too */
export async function applyReport(control: Control, report: Report, storePatience: AbortSignal): Promise<AttemptReply> {
  const { attemptId, epoch } = report;
  if (!isReportToken(report.reportToken, control.environment.appSecret, attemptId, epoch)) {
    control.log.warn({ attemptId, epoch }, 'report.refused: its token is not the one of this attempt');
    return refusal(attemptId, 'abandon');
  }
  // Asked before the transaction: the store may take its time, a locked row must not.
  const said = report.state === 'ended' ? (report.outcome ?? noOutcome) : undefined;
  const outcome = said && (await Promise.race([checkOutcome(control, report, said), unknownOnce(storePatience)]));
  if (outcome === 'unknown') {
    // It is still its own, and reports again.
    const alive: Report = { ...report, state: 'finalising', outcome: undefined };
    const { reply } = await control.database.db.transaction((db) => applyLocked(control, db, alive, undefined));
    return { ...reply, accepted: false };
  }
  const applied = await control.database.db.transaction((db) =>
    applyLocked(control, db, report, outcome && said && { outcome, said }),
  );
  if (applied.isJoinDue) joinSoon(control, applied.isJoinDue);
  if (applied.tracksBefore) control.counters.count(applied.tracksBefore, report.tracks);
  return applied.reply;
}

const noOutcome: Outcome = {
  kind: 'failed',
  reason: 'recorder.defect',
  message: 'The recorder ended without saying how.',
  fault: 'system',
  retryable: true,
};

interface Applied {
  reply: AttemptReply;
  /** The recording whose attempts may be joined now. */
  isJoinDue?: string;
  /** What was known of the attempt's tracks; set when those of the report took their place. */
  tracksBefore?: AttemptRow['tracks'];
}

async function applyLocked(
  control: Control,
  db: Queryable,
  report: Report,
  said: { outcome: Outcome; said: Outcome } | undefined,
): Promise<Applied> {
  const { attemptId } = report;
  const locked = await lockRecordingOfAttempt(db, attemptId);
  if (!locked) return { reply: refusal(attemptId, 'discard') };
  const { recording, attempt, attempts, now } = locked;
  if (attempt.state === 'queued') return { reply: refusal(attemptId, 'abandon') };
  const owns = attempt.epoch === recording.epoch && !wasTakenAway(attempt.outcome);
  if (recording.deletedAt !== null || isFinal(recording.status)) {
    // Sent again because our answer was lost: all of it is here already.
    const isRepeated = owns && attempt.state === 'ended' && report.state === 'ended';
    const isOver = recording.deletedAt === null && isRepeated && report.stats.segmentsPending === 0;
    const command = wishFor(attempt, recording.command);
    if (isOver) return { reply: { attemptId, command, leaseMs: LEASE_MS, accepted: true } };
    return { reply: { ...refusal(attemptId, 'discard'), accepted: isRepeated } };
  }

  const segments = ownSegments(control.log, recording.id, report);
  await upsertSegments(db, attemptId, segments);
  const isCurrent = owns && attempt.state !== 'ended';
  const end = said && { ...said, outcome: await upToDate(db, attempt, said.outcome) };
  const facts = factsOfReport(attempt, report, segments, now);
  const changed = isCurrent
    ? await updateAttempt(db, attemptId, { ...facts, state: report.state, leaseMs: LEASE_MS, outcome: end?.outcome })
    : await updateAttempt(db, attemptId, salvageOf(facts, segments));
  const after = {
    ...locked,
    attempt: changed,
    attempts: attempts.map((one) => (one.id === attemptId ? changed : one)),
  };
  const merged = mergeAttempts(after.attempts);
  const figures = figuresOf(recording, merged);
  const { stoppedAtUnixMs } = report;
  const isCapturing = isCurrent && changed.kind === 'record';
  if (isCapturing) await sampleAttempt(db, attempt, changed);
  const stoppedAt = isCapturing && stoppedAtUnixMs ? stoppedAtOf(figures, now, stoppedAtUnixMs) : recording.stoppedAt;
  const next =
    isCurrent && end
      ? await endAttempt(control.log, db, after, { ...end, stoppedAt, participant: presenceOf(control, recording) })
      : await updateRecording(db, recording.id, {
          ...figures,
          stoppedAt,
          status: isCapturing ? statusOf(control, recording, report) : recording.status,
        });
  const isFirstOfMedium = segments.some((segment) => segment.sequence === 1);
  if (isWorthTelling(recording, next) || isFirstOfMedium) await recordEvents(db, [next]);
  const isEnded = changed.state === 'ended' && next.status === 'finalising';
  return {
    reply: {
      attemptId,
      command: owns ? wishFor(attempt, recording.command) : 'abandon',
      leaseMs: owns ? LEASE_MS : 0,
      accepted: true,
      live: isCapturing && merged.stats ? { recordingId: recording.id, stats: merged.stats } : undefined,
    },
    isJoinDue: isEnded ? recording.id : undefined,
    tracksBefore: isCapturing ? attempt.tracks : undefined,
  };
}

function refusal(attemptId: string, command: 'abandon' | 'discard'): AttemptReply {
  return { attemptId, command, leaseMs: 0, accepted: false };
}

function unknownOnce(patience: AbortSignal): Promise<'unknown'> {
  return new Promise((resolve) => {
    if (patience.aborted) resolve('unknown');
    else patience.addEventListener('abort', () => resolve('unknown'), { once: true });
  });
}

async function checkOutcome(control: Control, report: Report, outcome: Outcome): Promise<Outcome | 'unknown'> {
  const attempt = await findAttempt(control.database.db, report.attemptId);
  // What has ended is not looked at again: its objects may have been cleaned up since.
  if (!attempt || attempt.state === 'ended') return outcome;
  return checkFinishedMedia(control, outcome, objectPrefixOf(attempt.recordingId, attempt.id));
}

/** What came into the store while it was joined is not in the file: it is to be joined again. */
async function upToDate(db: Queryable, attempt: AttemptRow, outcome: Outcome): Promise<Outcome> {
  if (attempt.joinedSegments === null || outcome.kind !== 'finished') return outcome;
  if ((await countSegments(db, attempt.recordingId)) <= attempt.joinedSegments) return outcome;
  const message = 'More of it came into the storage while it was joined.';
  return { kind: 'failed', reason: 'join.outdated', message, fault: 'system', retryable: true };
}

/** The control plane ended this attempt itself (`control.…`), not its recorder. */
export function wasTakenAway(outcome: Outcome | null): boolean {
  return outcome?.kind === 'failed' && outcome.reason.startsWith('control.');
}

/** Of an attempt that is over only what it stored counts, and what is still to come. */
function salvageOf(facts: AttemptFactsChange, segments: Report['segments']): AttemptFactsChange {
  const { stored, segmentsPending, gaps } = facts;
  return segments.length > 0 ? { stored, segmentsPending, gaps } : { segmentsPending, gaps };
}

function statusOf(control: Control, recording: RecordingRow, report: Report): RecordingRow['status'] {
  const wanted = stateOfAttempt(report.state);
  const status = moveRecording(recording.status, wanted);
  if (status === undefined) {
    control.log.warn({ recordingId: recording.id, from: recording.status, to: wanted }, 'recording.illegal-move');
  }
  return status ?? recording.status;
}

/** Figures go out with every report; the log gets what a page shows differently afterwards. */
function isWorthTelling(before: RecordingRow, after: RecordingRow): boolean {
  const shape = (row: RecordingRow) =>
    JSON.stringify([
      row.status,
      row.epoch,
      row.startedAt,
      row.tracks.map((track) => [track.source, track.codec, track.width, track.height]),
      // Losses may come every second; they are in the next telling.
      row.gaps.filter((gap) => gap.reason !== 'packet-loss').length,
    ]);
  return shape(before) !== shape(after);
}

/** What a user wants of a recording is for those who record it. */
function wishFor({ kind }: Pick<AttemptRow, 'kind'>, command: AttemptReply['command']): AttemptReply['command'] {
  return kind === 'finalise' ? 'continue' : command;
}

export interface HeldStanding extends Pick<AttemptRow, 'kind' | 'epoch' | 'state' | 'outcome'> {
  recordingEpoch: number;
  recordingStatus: RecordingRow['status'];
  recordingDeletedAt: RecordingRow['deletedAt'];
  command: AttemptReply['command'];
}

/** What an attempt that a worker holds shall do; undefined: there is no such attempt (any more). */
export function commandFor(held: HeldStanding | undefined): AttemptReply['command'] {
  if (!held || held.recordingDeletedAt !== null) return 'discard';
  const owns = held.epoch === held.recordingEpoch && !wasTakenAway(held.outcome);
  if (owns && held.state !== 'queued') return wishFor(held, held.command);
  return isFinal(held.recordingStatus) ? 'discard' : 'abandon';
}
