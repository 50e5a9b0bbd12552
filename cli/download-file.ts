/**
 * One file of a recording to disk. It grows under a name of its own, which says which content it is; what a broken
 * download left there is gone on with. It gets its name when its size and hash are what the server said.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Recording } from '../app/_control/api.ts';
import type { ApiClient } from './api-client.ts';
import { CliError, exitCodes } from './cli-error.ts';

type Media = Recording['media'][number];

export interface DownloadOptions {
  path: string;
  /** Replaces what is there. */
  force: boolean;
  onProgress(doneBytes: number, totalBytes: number): void;
}

/** A connection that breaks is tried again so often, each time from where it was. */
const MOST_ATTEMPTS = 5;

export async function downloadFile(api: ApiClient, media: Media, options: DownloadOptions): Promise<void> {
  if (!options.force && (await sizeOf(options.path)) !== undefined) {
    throw new CliError(exitCodes.usage, `${options.path} is there already: name another with --out, or say --force.`);
  }
  const partPath = `${options.path}.${(media.sha256 ?? 'growing').slice(0, 8)}.part`;
  for (let attempt = 1; ; attempt++) {
    try {
      await downloadRest(api, media, partPath, options.onProgress);
      break;
    } catch (error) {
      const isLast =
        attempt === MOST_ATTEMPTS || (error instanceof CliError && error.exitCode !== exitCodes.unreachable);
      if (isLast) throw error;
    }
  }
  await verify(media, partPath);
  await rename(partPath, options.path);
}

async function downloadRest(
  api: ApiClient,
  media: Media,
  partPath: string,
  onProgress: DownloadOptions['onProgress'],
): Promise<void> {
  const have = (await sizeOf(partPath)) ?? 0;
  if (have === media.sizeBytes) return onProgress(have, media.sizeBytes);
  const response = await api.request('GET', media.url, { headers: have > 0 ? { range: `bytes=${have}-` } : {} });
  if (response.status === 416) {
    // Longer than what there is: something else.
    await rm(partPath, { force: true });
    throw new CliError(exitCodes.unreachable, 'What was downloaded before does not fit. Try again.');
  }
  const startByte = response.status === 206 ? have : 0;
  const file = await open(partPath, startByte > 0 ? 'a' : 'w');
  try {
    let doneBytes = startByte;
    onProgress(doneBytes, media.sizeBytes);
    for await (const chunk of response.body ?? []) {
      await file.write(chunk);
      doneBytes += chunk.byteLength;
      onProgress(doneBytes, media.sizeBytes);
    }
    await file.sync();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && /^E(NOSPC|DQUOT|FBIG|IO)$/.test(String(cause.code))) {
      throw new CliError(exitCodes.failed, `${partPath} cannot be written (${cause.code}): make room, then go on.`, {
        cause,
      });
    }
    throw new CliError(exitCodes.unreachable, 'The connection broke. Call it again: it goes on where it was.', {
      cause,
    });
  } finally {
    await file.close();
  }
}

async function verify(media: Media, partPath: string): Promise<void> {
  const sizeBytes = await sizeOf(partPath);
  if (media.sha256 === null) return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(partPath), hash);
  if (sizeBytes === media.sizeBytes && hash.digest('hex') === media.sha256) return;
  await rm(partPath, { force: true });
  throw new CliError(exitCodes.failed, 'What came is not what the recorder has (size or SHA-256). Download it again.');
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
