/**
 * The data folder of one running product: made when missing, enough room on its disk, and nobody else's at the same
 * time. The lock is a file that names the process that holds it; a lock whose process is gone does not count.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { birthOf } from './other-process.ts';
import { Sentence } from './prepare.mjs';

export interface DataFolder {
  path: string;
  release(): Promise<void>;
}

/** Less than this and Postgres, a build or the first recording would fail half way. */
const leastFreeBytes = 300 * 1024 * 1024;

export async function openDataFolder(path: string): Promise<DataFolder> {
  try {
    // Postgres may run as another user, who must be able to enter; what is secret has modes of its own.
    await makeFolders(path);
  } catch (error) {
    throw new Sentence(
      `The data folder ${path} cannot be made (${(error as NodeJS.ErrnoException).code}): set DATA_DIR to a folder that you may write.`,
    );
  }
  const disk = await statfs(path);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes < leastFreeBytes) {
    throw new Sentence(
      `The disk of ${path} is full (${Math.floor(freeBytes / 1024 / 1024)} MB free, ${leastFreeBytes / 1024 / 1024} MB needed): free some space, or set DATA_DIR to another disk.`,
    );
  }
  const release = await lock(path);
  return { path, release };
}

/** As `recursive` does, which in some Node versions never ends where a file system refuses folders (/proc). */
async function makeFolders(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolders(dirname(path));
  await mkdir(path, { mode: 0o711 });
}

interface Holder {
  pid: number;
  birth: string | undefined;
}

async function lock(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock');
  const ours = JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) } satisfies Holder);
  for (let turn = 0; turn < 5; turn++) {
    try {
      await writeFile(file, ours, { flag: 'wx', mode: 0o600 });
      return async () => {
        if (readFileSync(file, 'utf8') === ours) await rm(file, { force: true });
      };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST')
        throw new Sentence(`The data folder ${folder} cannot be written (${code}): set DATA_DIR to one that can.`);
    }
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = holderOf(text);
    if (holder && birthOf(holder.pid) === holder.birth) {
      throw new Sentence(
        `The data folder ${folder} is in use by a copy that runs already (process ${holder.pid}): stop that one, or set DATA_DIR to another folder.`,
      );
    }
    // Moved aside, not removed: if another process replaced it in between, its lock is put back.
    const aside = `${file}.${process.pid}`;
    await rename(file, aside).catch(() => undefined);
    const moved = await readFile(aside, 'utf8').catch(() => text);
    if (moved === text) await rm(aside, { force: true });
    else await rename(aside, file);
  }
  throw new Sentence(`The data folder ${folder} cannot be locked: several copies start at once. Start one.`);
}

/** Undefined for a file that was only half written: its writer died. */
function holderOf(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.birth === 'string' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}
