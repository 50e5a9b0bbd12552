/**
 * The tracks of a recording from those of its attempts: the same source in the same codec is one track, in the order in
 * which they first appeared.
 */
import { addFigures } from './add-figures.ts';
import { LISTED_RESOLUTIONS_MAXIMUM, type TrackSummary, trackSummarySchema } from './media.ts';

/** @param laterOffsetMicros where time 0 of the later attempt lies on the recording's clock */
export function mergeTracks(
  earlier: readonly TrackSummary[],
  later: readonly TrackSummary[],
  laterOffsetMicros = 0,
): TrackSummary[] {
  const merged = new Map(earlier.map((track) => [keyOf(track), withDefaults(track)]));
  for (const stored of later) {
    const track = shifted(withDefaults(stored), laterOffsetMicros);
    const before = merged.get(keyOf(track));
    merged.set(keyOf(track), before ? joined(before, track) : track);
  }
  return [...merged.values()];
}

/** As it was stored, maybe by an older version. */
function withDefaults(track: TrackSummary): TrackSummary {
  return trackSummarySchema.parse(track);
}

function keyOf({ medium, source, codec }: TrackSummary): string {
  return `${medium} ${source} ${codec}`;
}

function shifted(track: TrackSummary, offsetMicros: number): TrackSummary {
  const resolutions = track.resolutions.map((resolution) => ({
    ...resolution,
    fromMicros: Math.max(0, Math.round(resolution.fromMicros + offsetMicros)),
  }));
  return { ...track, resolutions };
}

function joined(before: TrackSummary, after: TrackSummary): TrackSummary {
  const resolutions = [...before.resolutions];
  for (const resolution of after.resolutions) {
    const last = resolutions.at(-1);
    const isSame = last?.width === resolution.width && last.height === resolution.height;
    if (!isSame && resolutions.length < LISTED_RESOLUTIONS_MAXIMUM) resolutions.push(resolution);
  }
  return {
    ...before,
    ...addFigures(before, after),
    width: after.width ?? before.width,
    height: after.height ?? before.height,
    resolutions,
  };
}
