/**
 * A program written in Go that the stack needs: from the user's cache, or built into it once. The cache lives outside
 * the project, so that a fresh clone does not build again.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child-process.ts';
import { findOnPath } from './find-on-path.ts';
import { Sentence } from './prepare.mjs';

export interface GoTool {
  /** Of the program, in messages and in the cache. */
  name: string;
  /** Package path with version, as `go install` takes it. */
  module: string;
}

export function toolCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'participant-recorder', 'tools');
}

function cachedPath(tool: GoTool): string {
  return join(toolCacheFolder(), `${tool.name}-${tool.module.slice(tool.module.lastIndexOf('@') + 1)}`);
}

export function findCachedGoTool(tool: GoTool): string | undefined {
  const path = cachedPath(tool);
  return existsSync(path) ? path : undefined;
}

/** Undefined when there is no Go; rejects with a sentence when the build fails. */
export async function buildGoTool(
  tool: GoTool,
  onProgress: (message: string) => void = () => undefined,
): Promise<string | undefined> {
  const go = findOnPath('go');
  if (!go) return undefined;
  const path = cachedPath(tool);
  // Built aside and renamed: two builds at once do not disturb each other, and half a program is never found.
  const folder = join(toolCacheFolder(), `building-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  try {
    onProgress(`Building ${tool.name} once with go install (up to a few minutes)`);
    let packages = 0;
    const child = await startChild({
      name: `go install ${tool.name}`,
      command: go,
      args: ['install', '-v', tool.module],
      env: { ...process.env, GOBIN: folder },
      onLine: (line) => {
        // -v names every package as it is compiled, and every module as it is downloaded.
        if (line.includes('downloading')) onProgress(`Building ${tool.name}: ${line.replace(/^go: /, '')}`);
        else if (++packages % 50 === 0) onProgress(`Building ${tool.name}: ${packages} packages compiled`);
      },
      stopSignal: 'SIGKILL',
    });
    const bound = setTimeout(() => void child.stop(), 20 * 60_000);
    const { code } = await child.ended;
    clearTimeout(bound);
    const built = (await readdir(folder))[0];
    if (code !== 0 || !built) {
      throw new Sentence(`go install ${tool.module} failed: ${child.tail() || 'it did not end within 20 minutes'}`);
    }
    await rename(join(folder, built), path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
