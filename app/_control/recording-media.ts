/**
 * What of a recording can be played: its finished files, or, for a medium that has none yet, the file its segments
 * make so far (the newest attempt that has any, and of its parts the longest).
 */
import type { PartSummary } from '../../db/queries/summarise-segments.ts';
import type { RecordingRow } from '../../db/schema.ts';
import { contentTypeOf, type Medium, mediumSchema } from '../../recorder/contract/media.ts';
import type { Recording } from './api.ts';

export function presentMedia(recording: RecordingRow, parts: readonly PartSummary[]): Recording['media'] {
  return mediumSchema.options.flatMap((medium): Recording['media'] => {
    const finished = recording.media.find((media) => media.medium === medium);
    if (finished) {
      const { contentType, sizeBytes, durationMs, sha256 } = finished;
      return [
        { medium, url: mediaUrl(recording.id, medium), contentType, sizeBytes, durationMs, sha256, finished: true },
      ];
    }
    const part = choosePart(parts.filter((candidate) => candidate.medium === medium));
    if (!part) return [];
    return [
      {
        medium,
        // Pinned to what is there now: a player that asks for ranges sees one file that does not change under it.
        url: mediaUrl(recording.id, medium, { part: part.part, through: part.lastSequence, attempt: part.attemptId }),
        contentType: contentTypeOf(part.container, part.hasVideo),
        sizeBytes: part.sizeBytes,
        durationMs: Math.round((part.endMicros - part.startMicros) / 1000),
        sha256: null,
        finished: false,
      },
    ];
  });
}

/** Of one medium: the newest attempt's longest part. */
export function choosePart(parts: readonly PartSummary[]): PartSummary | undefined {
  const newest = Math.max(...parts.map((part) => part.epoch));
  return parts
    .filter((part) => part.epoch === newest)
    .reduce<PartSummary | undefined>(
      (best, part) => (best && lengthOf(best) >= lengthOf(part) ? best : part),
      undefined,
    );
}

function lengthOf(part: PartSummary): number {
  return part.endMicros - part.startMicros;
}

function mediaUrl(recordingId: string, medium: Medium, pin: Record<string, string | number> = {}): string {
  const query = new URLSearchParams({ medium });
  for (const [name, value] of Object.entries(pin)) query.set(name, String(value));
  return `/api/v1/recordings/${recordingId}/media?${query}`;
}
