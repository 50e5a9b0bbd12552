/**
 * The part of the spool folder that belongs to this process, and what dead processes left beside it.
 *
 *   SPOOL_DIR/<8 hex digits>/alive            a socket that its process listens on: as long as it can be connected to, the
 *                                             process lives, also one that is stopped. No process can leave it alive.
 *   SPOOL_DIR/<8 hex digits>/<attemptId>/     a journal (recording-journal.ts)
 *   SPOOL_DIR/.starting-<8 hex digits>/       the same before its socket listens
 *
 * So several workers may share a spool folder. What a dead one left is taken over by renaming it, which only one of
 * them can do. The folder has to be on a disk of this machine, where sockets work.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { UsageError } from '../usage-error.ts';

const socketName = 'alive';
/** What the system allows for the address of a socket, on Linux 107, on macOS 103. */
const longestSocketPath = 103;
/** A connection to a socket of this machine is made or refused at once; who is too busy for that lives. */
const answerWithinMs = 2000;
/** A start takes milliseconds; one that was killed in the middle leaves an empty folder. */
const startingLivesMs = 3_600_000;

export class ProcessSpool {
  /** Of this process: journals go here. */
  readonly folder: string;
  readonly #parent: string;
  readonly #server: Server;

  private constructor(parent: string, folder: string, server: Server) {
    this.#parent = parent;
    this.folder = folder;
    this.#server = server;
  }

  static async open(spoolDir: string): Promise<ProcessSpool> {
    const id = randomBytes(4).toString('hex');
    const starting = join(spoolDir, `.starting-${id}`);
    try {
      await mkdir(starting, { recursive: true, mode: 0o700 });
      const server = await listen(starting);
      const folder = join(spoolDir, id);
      await rename(starting, folder);
      return new ProcessSpool(spoolDir, folder, server);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new UsageError(
        `SPOOL_DIR ${spoolDir} cannot be used (${code}): name a folder on a local disk that belongs to this user.`,
        { cause: error },
      );
    }
  }

  /** Takes over the journals of processes that are dead. @returns their attempts, whose folders are in ours now */
  async takeOver(): Promise<string[]> {
    const taken: string[] = [];
    for (const entry of await readdir(this.#parent, { withFileTypes: true })) {
      const folder = join(this.#parent, entry.name);
      if (!entry.isDirectory() || folder === this.folder) continue;
      if (entry.name.startsWith('.starting-')) await removeOldStart(folder);
      else if (/^[0-9a-f]{8}$/.test(entry.name) && !(await isAlive(folder))) taken.push(...(await this.#take(folder)));
    }
    return taken;
  }

  /** Removes the folder, unless there are journals in it: they are for whoever comes next. */
  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    await removeEmpty(this.folder);
  }

  async #take(folder: string): Promise<string[]> {
    const taken: string[] = [];
    for (const name of await readdir(folder).catch(unlessGone([]))) {
      if (name === socketName) continue;
      // Somebody else may have been quicker.
      const isOurs = await rename(join(folder, name), join(this.folder, name)).then(() => true, unlessGone(false));
      if (isOurs) taken.push(name);
    }
    await removeEmpty(folder);
    return taken;
  }
}

async function listen(folder: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  const { path, release } = await addressOf(folder);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    await release();
  }
  // Nothing is asked of it, and it must not keep the process from ending.
  server.on('error', () => {});
  server.unref();
  return server;
}

async function isAlive(folder: string): Promise<boolean> {
  const address = await addressOf(folder).catch(unlessGone(undefined));
  if (!address) return false;
  try {
    return await new Promise((resolve) => {
      const socket = connect(address.path);
      const answer = (isThere: boolean) => {
        clearTimeout(timer);
        socket.destroy();
        resolve(isThere);
      };
      const timer = setTimeout(() => answer(true), answerWithinMs);
      socket.once('connect', () => answer(true));
      socket.once('error', ({ code }: NodeJS.ErrnoException) => answer(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
    });
  } finally {
    await address.release();
  }
}

/** The address of the socket in a folder; a long one by way of the open folder, where the system has that. */
async function addressOf(folder: string): Promise<{ path: string; release(): Promise<void> }> {
  const path = join(folder, socketName);
  if (Buffer.byteLength(path) <= longestSocketPath) return { path, release: async () => {} };
  if (process.platform !== 'linux') {
    throw new UsageError(`SPOOL_DIR is too long for this system (${folder}): name a folder with a shorter path.`);
  }
  const handle = await open(folder, 'r');
  return { path: `/proc/self/fd/${handle.fd}/${socketName}`, release: () => handle.close() };
}

async function removeEmpty(folder: string): Promise<void> {
  await unlink(join(folder, socketName)).catch(unlessGone(undefined));
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY') throw error;
  });
}

async function removeOldStart(folder: string): Promise<void> {
  const found = await stat(folder).catch(unlessGone(undefined));
  if (found && Date.now() - found.mtimeMs > startingLivesMs) await rm(folder, { recursive: true, force: true });
}

function unlessGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== 'ENOENT') throw error;
    return instead;
  };
}
