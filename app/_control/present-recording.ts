/** Rows → the `Recording` of the API. */
import type { Queryable } from '../../db/client.ts';
import { listAttempts } from '../../db/queries/list-attempts.ts';
import { listQueuePlaces } from '../../db/queries/list-queue.ts';
import { summariseSegments } from '../../db/queries/summarise-segments.ts';
import { listPreviews } from '../../db/queries/write-previews.ts';
import { finalStates, type RecordingState } from '../../db/recording-states.ts';
import type { PreviewRow, RecordingRow } from '../../db/schema.ts';
import type { Recording } from './api.ts';
import { versionOf } from './media/preview-file.ts';
import { mergeAttempts, placeAttempts } from './merge-attempts.ts';
import { presentTracks } from './present-tracks.ts';
import { presentWaiting } from './present-waiting.ts';
import { chooseMedia, presentMedia } from './recording-media.ts';

export function isFinal(status: RecordingState): boolean {
  return (finalStates as readonly RecordingState[]).includes(status);
}

/** What can be played of it is made of what its attempts stored. */
function isUnfinished({ status, media }: RecordingRow): boolean {
  return media.length === 0 && status !== 'absent';
}

/** In the order of the rows. */
export async function presentRecordings(db: Queryable, rows: readonly RecordingRow[]): Promise<Recording[]> {
  const idsOf = (wanted: (row: RecordingRow) => boolean) => rows.filter(wanted).map((row) => row.id);
  // One after the other: it may be within a transaction, which is one connection.
  const attempts = byRecording(await listAttempts(db, idsOf(isUnfinished)));
  const parts = byRecording(await summariseSegments(db, idsOf(isUnfinished)));
  const waiting = idsOf(({ status }) => status === 'requested' || status === 'finalising');
  const places = byRecording(await listQueuePlaces(db, waiting));
  const ready = await listPreviews(
    db,
    idsOf(({ status }) => status === 'ready'),
  );
  const previews = new Map(ready.map((row) => [row.recordingId, row]));
  return rows.map((row) => {
    const own = attempts.get(row.id) ?? [];
    const offsets = new Map(placeAttempts(own).map(({ attempt, offsetMicros }) => [attempt.id, offsetMicros]));
    const media = presentMedia(row, parts.get(row.id) ?? [], offsets);
    const place = places.get(row.id)?.[0];
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
      stats: isFinal(row.status) ? null : mergeAttempts(own).stats,
      waiting: presentWaiting(row, own, place),
      error: row.error,
      media,
      mediaUrl: chooseMedia(media)?.url ?? null,
      ...presentPreviews(previews.get(row.id)),
    };
  });
}

function presentPreviews(row: PreviewRow | undefined): Pick<Recording, 'posterUrl' | 'storyboardUrl'> {
  if (row?.state !== 'ready') return { posterUrl: null, storyboardUrl: null };
  const url = (name: string) => `/api/v1/recordings/${row.recordingId}/${name}?v=${versionOf(row)}`;
  return { posterUrl: url('poster'), storyboardUrl: url('storyboard.vtt') };
}

function byRecording<Row extends { recordingId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.recordingId);
    if (group) group.push(row);
    else groups.set(row.recordingId, [row]);
  }
  return groups;
}

export async function presentRecording(db: Queryable, row: RecordingRow): Promise<Recording> {
  const [recording] = await presentRecordings(db, [row]);
  if (!recording) throw new Error('One row makes one recording');
  return recording;
}
