/** Poster and storyboard as files to serve, and the storyboard's index (WebVTT with media fragments). */
import { findRecording } from '../../../db/queries/find-recording.ts';
import { listPreviews } from '../../../db/queries/write-previews.ts';
import type { PreviewRow, RecordingRow } from '../../../db/schema.ts';
import type { Storyboard } from '../../../recorder/contract/previews.ts';
import type { Control } from '../control.ts';
import { type PreviewKind, previewKeyOf } from '../object-prefix.ts';
import { notFound, ProblemError } from '../problem-error.ts';
import type { MediaFile } from './media-file.ts';

/** Throws 404 as long as there is none. */
export async function openPreview(control: Control, recordingId: string, kind: PreviewKind): Promise<MediaFile> {
  const { recording, row } = await findPreviews(control, recordingId);
  const sizeBytes = row[kind]?.sizeBytes ?? 0;
  return {
    pieces: [{ key: previewKeyOf(recordingId, kind), startByte: 0, sizeBytes }],
    sizeBytes,
    contentType: 'image/jpeg',
    etag: `"${kind}-${versionOf(row)}"`,
    extension: 'jpg',
    recording,
    finished: true,
  };
}

/** Which part of the storyboard shows which time. Its picture is `storyboard`, beside it. */
export async function describeStoryboard(control: Control, recordingId: string, fromMs: number): Promise<string> {
  const { recording, row } = await findPreviews(control, recordingId);
  if (!row.storyboard) throw noneYet();
  return storyboardCues(row.storyboard, recording.durationMs, `storyboard?v=${versionOf(row)}`, fromMs);
}

/** What tells a picture from one that was made before; for addresses that may be kept. */
export function versionOf({ madeAt }: Pick<PreviewRow, 'madeAt'>): number {
  return madeAt?.getTime() ?? 0;
}

/** @param fromMs on the recording's clock: what the times of the cues count from */
export function storyboardCues(board: Storyboard, durationMs: number, imageUrl: string, fromMs = 0): string {
  const { columns, tiles, tileWidth, tileHeight, intervalMs } = board;
  const cues = Array.from({ length: tiles }, (_, tile) => {
    const isLast = tile === tiles - 1;
    const startMs = Math.max(0, tile * intervalMs - fromMs);
    const endMs = (isLast ? Math.max(durationMs, tile * intervalMs + 1) : (tile + 1) * intervalMs) - fromMs;
    if (endMs <= 0) return '';
    const x = (tile % columns) * tileWidth;
    const y = Math.floor(tile / columns) * tileHeight;
    return `${cueTime(startMs)} --> ${cueTime(endMs)}\n${imageUrl}#xywh=${x},${y},${tileWidth},${tileHeight}\n`;
  });
  return `WEBVTT\n\n${cues.filter(Boolean).join('\n')}`;
}

function cueTime(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = ms / 1000;
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

async function findPreviews(control: Control, id: string): Promise<{ recording: RecordingRow; row: PreviewRow }> {
  const recording = await findRecording(control.database.db, id);
  if (!recording) throw notFound('recording');
  const [row] = await listPreviews(control.database.db, [id]);
  if (row?.state !== 'ready') throw noneYet();
  return { recording, row };
}

function noneYet(): ProblemError {
  return new ProblemError('not-found', 'There are no pictures of this recording (yet).');
}
