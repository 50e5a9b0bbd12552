import type { Medium, TrackSource } from './contract/media.ts';

export function mediumOf(source: TrackSource): Medium {
  return source === 'camera' || source === 'microphone' ? 'camera' : 'screen';
}
