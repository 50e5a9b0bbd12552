import { findOnPath } from '../../dev/find-on-path.ts';

/** FFMPEG_PATH, else the one on PATH. */
export function findFfmpeg(): string {
  const path = process.env.FFMPEG_PATH || findOnPath('ffmpeg');
  if (!path)
    throw new Error('Clips are encoded by ffmpeg: install it (Debian: apt-get install ffmpeg) or set FFMPEG_PATH.');
  return path;
}
