/** Rows → the `Recording` of the API. */
import type { Queryable } from '../../db/client.ts';
import { listNewestStats } from '../../db/queries/list-newest-stats.ts';
import { summariseSegments } from '../../db/queries/summarise-segments.ts';
import { finalStates, type RecordingState } from '../../db/recording-states.ts';
import type { RecordingRow } from '../../db/schema.ts';
import type { Recording } from './api.ts';
import { presentTracks } from './present-tracks.ts';
import { chooseMedia, presentMedia } from './recording-media.ts';

export function isFinal(status: RecordingState): boolean {
  return (finalStates as readonly RecordingState[]).includes(status);
}

/** In the order of the rows. */
export async function presentRecordings(db: Queryable, rows: readonly RecordingRow[]): Promise<Recording[]> {
  const running = rows.filter((row) => !isFinal(row.status)).map((row) => row.id);
  const unfinished = rows.filter((row) => row.media.length === 0 && row.status !== 'absent').map((row) => row.id);
  const [stats, parts] = await Promise.all([listNewestStats(db, running), summariseSegments(db, unfinished)]);
  return rows.map((row) => {
    const media = presentMedia(
      row,
      parts.filter((part) => part.recordingId === row.id),
    );
    return {
      id: row.id,
      room: row.room,
      identity: row.identity,
      status: row.status,
      origin: row.origin,
      ruleId: row.ruleId,
      requestedAt: row.requestedAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      stoppedAt: row.stoppedAt?.toISOString() ?? null,
      stopReason: row.stopReason,
      durationMs: row.durationMs,
      sizeBytes: row.sizeBytes,
      ...presentTracks(row.tracks),
      gaps: row.gaps.map(({ medium, kind, fromMicros, toMicros, reason, cutMicros }) => ({
        medium,
        kind,
        fromMs: Math.round(fromMicros / 1000),
        toMs: Math.round(toMicros / 1000),
        reason,
        ...(cutMicros !== undefined && { cutMs: Math.round(cutMicros / 1000) }),
      })),
      stats: stats.get(row.id) ?? null,
      error: row.error,
      media,
      mediaUrl: chooseMedia(media)?.url ?? null,
    };
  });
}

export async function presentRecording(db: Queryable, row: RecordingRow): Promise<Recording> {
  const [recording] = await presentRecordings(db, [row]);
  if (!recording) throw new Error('One row makes one recording');
  return recording;
}
