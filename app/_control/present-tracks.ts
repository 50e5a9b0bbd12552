/** A recording's tracks as the API shows them: with rates, and times in milliseconds. */
import { addFigures, noFigures } from '../../recorder/contract/add-figures.ts';
import { type TrackSummary, trackSummarySchema } from '../../recorder/contract/media.ts';
import type { Recording, RecordingTrack } from './api.ts';

export function presentTracks(tracks: readonly TrackSummary[]): Pick<Recording, 'tracks' | 'totals'> {
  // Rows of before a figure was kept get its default.
  const whole = tracks.map((track) => trackSummarySchema.parse(track));
  const { mediaMs: _, ...totals } = whole.reduce(addFigures, noFigures());
  return { tracks: whole.map(presentTrack), totals: whole.length === 0 ? null : totals };
}

function presentTrack({ resolutions, ...track }: TrackSummary): RecordingTrack {
  const seconds = track.mediaMs / 1000;
  return {
    ...track,
    bitrateBps: seconds === 0 ? 0 : Math.round((track.sizeBytes * 8) / seconds),
    framesPerSecond: seconds === 0 ? 0 : Math.round((track.frames * 10) / seconds) / 10,
    resolutions: resolutions.map(({ fromMicros, ...size }) => ({ fromMs: Math.round(fromMicros / 1000), ...size })),
  };
}
