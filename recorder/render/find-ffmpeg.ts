import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

export interface FfmpegPrograms {
  ffmpeg: string;
  /** Undefined where only ffmpeg-static is installed, which brings none. */
  ffprobe: string | undefined;
}

/**
 * The ffmpeg of this machine: FFMPEG_PATH (and FFPROBE_PATH), else the binary that the optional package ffmpeg-static may
 * have downloaded, else PATH. Undefined when there is none; recording does without.
 */
export function findFfmpeg(
  env: Readonly<Record<string, string | undefined>> = process.env,
): FfmpegPrograms | undefined {
  const ffmpeg = env.FFMPEG_PATH || staticFfmpeg() || onPath('ffmpeg', env.PATH);
  return ffmpeg ? { ffmpeg, ffprobe: env.FFPROBE_PATH || onPath('ffprobe', env.PATH) } : undefined;
}

function staticFfmpeg(): string | undefined {
  try {
    const path = createRequire(import.meta.url)('ffmpeg-static') as string | null;
    return path !== null && isExecutable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function onPath(program: string, path = ''): string | undefined {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
