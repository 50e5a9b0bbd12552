/** What of a report is kept with its attempt. */
import type { Logger } from 'pino';
import type { AttemptFactsChange } from '../../db/queries/update-attempt.ts';
import type { AttemptRow, StoredSpan } from '../../db/schema.ts';
import type { StoredSegment } from '../../recorder/contract/media.ts';
import type { Report } from '../../recorder/contract/report.ts';
import { isBelow } from './media/check-finished-media.ts';
import { objectPrefixOf } from './object-prefix.ts';

/** @param now the database's clock */
export function factsOfReport(
  attempt: AttemptRow,
  report: Report,
  segments: readonly StoredSegment[],
  now: Date,
): AttemptFactsChange {
  const segmentsPending = report.stats.segmentsPending;
  // Of one that joins, only how it goes: what was recorded is told by those who recorded.
  if (attempt.kind === 'finalise') return { stats: report.stats, segmentsPending: 0 };
  return {
    stats: report.stats,
    startedAt: attempt.startedAt ?? startedAtOf(attempt, report, now),
    publisherZeroMicros: report.publisherZeroMicros ?? attempt.publisherZeroMicros,
    participantSid: report.participantSid ?? attempt.participantSid,
    tracks: report.tracks,
    gaps: report.gaps,
    stored: addSegments(attempt.stored, segments),
    segmentsPending,
  };
}

/**
 * The recorder says how long ago its first frame was. One that cannot (it was found dead, and its monotonic clock with it)
 * says what its wall clock showed, which is believed between the moment it took the task and now.
 */
function startedAtOf(attempt: AttemptRow, report: Report, now: Date): Date | null {
  if (report.captureAgeMs !== undefined) return new Date(now.getTime() - report.captureAgeMs);
  if (report.startedAtUnixMs === undefined) return null;
  const earliest = (attempt.claimedAt ?? attempt.createdAt).getTime();
  return new Date(Math.min(now.getTime(), Math.max(earliest, report.startedAtUnixMs)));
}

function addSegments(stored: AttemptRow['stored'], segments: readonly StoredSegment[]): AttemptRow['stored'] {
  const spans = { ...stored };
  for (const { medium, startMicros, endMicros } of segments) {
    const before: StoredSpan = spans[medium] ?? { fromMicros: startMicros, toMicros: endMicros };
    spans[medium] = {
      fromMicros: Math.min(before.fromMicros, startMicros),
      toMicros: Math.max(before.toMicros, endMicros),
    };
  }
  return spans;
}

/** Those below the attempt's own prefix: its token gives no say over the objects of another. */
export function ownSegments(log: Logger, recordingId: string, report: Report): StoredSegment[] {
  const prefix = objectPrefixOf(recordingId, report.attemptId);
  const own = report.segments.filter((segment) => isBelow(segment.key, prefix));
  if (own.length < report.segments.length) {
    log.warn({ attemptId: report.attemptId }, 'report.segment-refused: its key lies outside of its attempt');
  }
  return own;
}
