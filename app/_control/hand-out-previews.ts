/**
 * Posters and storyboards of recordings that are ready, to workers that have nothing better to do; and what became of them.
 * The row in `previews` is the whole queue: no row, nothing to be made.
 */
import { lockRecording } from '../../db/queries/lock-recording.ts';
import { claimPreviews, settlePreviews } from '../../db/queries/write-previews.ts';
import type { RecordingRow } from '../../db/schema.ts';
import { type Medium, mediumSchema } from '../../recorder/contract/media.ts';
import type { PreviewReport, PreviewTask } from '../../recorder/contract/previews.ts';
import type { Control } from './control.ts';
import { previewsPrefixOf } from './object-prefix.ts';
import { recordEvents } from './record-events.ts';
import {
  PREVIEWS_LIMIT_MS,
  PREVIEWS_RETRY_DELAY_MS,
  PREVIEWS_STORE_DELAY_MOST_MS,
  PREVIEWS_STORE_DELAY_MS,
  PREVIEWS_TRIES,
} from './timing.ts';

export async function claimPreview(control: Control): Promise<PreviewTask | undefined> {
  const claim = { limitMs: PREVIEWS_LIMIT_MS, mostTries: PREVIEWS_TRIES };
  const claimed = await control.database.db.transaction((db) => claimPreviews(db, claim));
  if (!claimed) return undefined;
  const { recording, turn } = claimed;
  const medium = previewMediumOf(recording);
  if (!medium) return undefined;
  const track = recording.tracks.find((one) => one.medium === medium && one.kind === 'video');
  return {
    recordingId: recording.id,
    turn,
    objectPrefix: previewsPrefixOf(recording.id),
    medium,
    parts: recording.media
      .filter((file) => file.medium === medium && showsPicture(file))
      .map(({ key, contentType, sizeBytes, startMs = 0, durationMs }) => {
        return { key, contentType, sizeBytes, startMs, durationMs };
      }),
    durationMs: recording.durationMs,
    size: track?.width && track.height ? { width: track.width, height: track.height } : undefined,
    limitMs: PREVIEWS_LIMIT_MS,
  };
}

export async function settlePreview(control: Control, report: PreviewReport): Promise<void> {
  const { recordingId, turn, outcome } = report;
  const retry = {
    mostTries: PREVIEWS_TRIES,
    delayMs: PREVIEWS_RETRY_DELAY_MS * 10 ** (turn - 1),
    storeDelayMs: PREVIEWS_STORE_DELAY_MS,
    storeDelayMostMs: PREVIEWS_STORE_DELAY_MOST_MS,
  };
  await control.database.db.transaction(async (db) => {
    const recording = await lockRecording(db, recordingId);
    if (!recording || recording.deletedAt !== null || !(await settlePreviews(db, report, retry))) return;
    if (outcome.kind === 'made') await recordEvents(db, [recording]);
    if (outcome.kind === 'failed') {
      control.log.warn({ recordingId, turn, reason: outcome.message }, 'previews.failed');
    }
  });
}

/** The medium that poster and storyboard are of: the camera, or the screen where there was none. Undefined: only sound. */
export function previewMediumOf({ media }: Pick<RecordingRow, 'media'>): Medium | undefined {
  return mediumSchema.options.find((medium) => media.some((file) => file.medium === medium && showsPicture(file)));
}

function showsPicture({ contentType }: { contentType: string }): boolean {
  return contentType.startsWith('video/');
}
