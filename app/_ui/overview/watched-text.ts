import type { Watched } from './watch-participant.ts';

/** What to say over the picture; null while there is nothing to say. */
export function stateText({ connection, isThere, camera, screen }: Watched): string | null {
  if (connection === 'lost') return 'The connection is lost. Check that this browser can reach LiveKit.';
  if (connection === 'connecting') return 'Connecting';
  if (connection === 'reconnecting') return 'Reconnecting';
  if (!isThere) return 'Not in the room at the moment';
  const video = screen ?? camera;
  if (!video) return 'No video is published';
  if (video.muted) return screen ? 'The screen is muted' : 'The camera is off';
  return video.track === null ? 'Waiting for the picture' : null;
}

/** What to say beside the button for the sound. */
export function soundText({ connection, isThere, sounds }: Watched): string {
  if (connection !== 'open' || !isThere) return '';
  if (sounds.length === 0) return 'No sound is published.';
  return sounds.every(({ muted }) => muted) ? 'The microphone is muted.' : '';
}
