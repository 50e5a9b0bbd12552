import { findFfmpeg as findPrograms } from '../../../recorder/render/find-ffmpeg.ts';

/** The path of this machine's ffmpeg, without which there are no clips. */
export function findFfmpeg(): string {
  const programs = findPrograms();
  if (!programs)
    throw new Error('Clips are encoded by ffmpeg: install it (Debian: apt-get install ffmpeg) or set FFMPEG_PATH.');
  return programs.ffmpeg;
}
