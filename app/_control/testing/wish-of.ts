import type { RecordingWish } from '../begin-recording.ts';

/** Somebody's camera, asked for over the API. */
export function wishOf(change: Pick<RecordingWish, 'room' | 'identity'> & Partial<RecordingWish>): RecordingWish {
  return { origin: 'api', wantedTracks: ['camera'], reconnectWindowMs: 0, ...change };
}
