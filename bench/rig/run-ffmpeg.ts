import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { findFfmpeg } from '../../infra/publisher/clip/find-ffmpeg.ts';

/** Of a file in memory, which both our containers allow: their indexes are in front. Errors are what it says of them. */
export async function runFfmpeg(file: Uint8Array, output: readonly string[]): Promise<{ out: Buffer; errors: string }> {
  const child = spawn(findFfmpeg(), ['-v', 'error', '-i', 'pipe:0', ...output], { stdio: 'pipe' });
  // It need not read to the end; its exit code tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(file);
  const [out, said, code] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { out, errors: code === 0 ? said : `${said}ffmpeg ended with ${code}\n` };
}
