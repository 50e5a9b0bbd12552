/**
 * What of a recording can be played, by medium and in order of time: its finished files, or, for a medium that has none
 * yet, the files its segments make so far. Most media are one file; where a codec changed in the middle there are several.
 */
import type { PartSummary } from '../../db/queries/summarise-segments.ts';
import type { RecordingRow } from '../../db/schema.ts';
import { contentTypeOf, type FinishedMedia, type Medium, mediumSchema } from '../../recorder/contract/media.ts';
import type { Recording } from './api.ts';

type PresentedMedia = Recording['media'];

/** Of what is not finished: a beginning before the other track came is not worth a player of its own. */
const SHORTEST_PART_MICROS = 1_000_000;

/** @param offsets where each attempt's time 0 lies on the recording's clock */
export function presentMedia(
  recording: RecordingRow,
  parts: readonly PartSummary[],
  offsets: ReadonlyMap<string, number>,
): PresentedMedia {
  return mediumSchema.options.flatMap((medium) => {
    const finished = recording.media.filter((media) => media.medium === medium);
    if (finished.length > 0) return finished.map((media, index) => presentFinished(recording.id, media, index + 1));
    return presentUnfinished(
      recording.id,
      parts.filter((part) => part.medium === medium),
      offsets,
    );
  });
}

/** The one of them for who wants only one: the first finished file, else what is longest by now. */
export function chooseMedia(media: PresentedMedia): PresentedMedia[number] | undefined {
  const [first] = media;
  if (!first || first.finished) return first;
  const sameMedium = media.filter((candidate) => candidate.medium === first.medium);
  return sameMedium.reduce((best, candidate) => (candidate.durationMs > best.durationMs ? candidate : best), first);
}

function presentFinished(recordingId: string, file: FinishedMedia, part: number): PresentedMedia[number] {
  const { medium, contentType, sizeBytes, durationMs, sha256, startMs = 0 } = file;
  const url = mediaUrl(recordingId, medium, part === 1 ? {} : { part });
  return { medium, part, startMs, zeroMs: startMs, url, contentType, sizeBytes, durationMs, sha256, finished: true };
}

function presentUnfinished(
  recordingId: string,
  parts: readonly PartSummary[],
  offsets: ReadonlyMap<string, number>,
): PresentedMedia {
  const long = parts.filter((part) => lengthOf(part) >= SHORTEST_PART_MICROS);
  const longest = choosePart(parts);
  const shown = long.length > 0 ? long : longest ? [longest] : [];
  const offsetOf = (part: PartSummary) => offsets.get(part.attemptId) ?? 0;
  return shown.map((part, index) => ({
    medium: part.medium,
    part: index + 1,
    startMs: Math.round((offsetOf(part) + part.startMicros) / 1000),
    zeroMs: Math.round(offsetOf(part) / 1000),
    // Pinned to what is there now: a player that asks for ranges sees one file that does not change under it.
    url: mediaUrl(recordingId, part.medium, { part: part.part, through: part.lastSequence, attempt: part.attemptId }),
    contentType: contentTypeOf(part.container, part.hasVideo),
    sizeBytes: part.sizeBytes,
    durationMs: Math.round(lengthOf(part) / 1000),
    sha256: null,
    finished: false,
  }));
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
