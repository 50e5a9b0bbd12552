/**
 * The ObjectStore in a local folder.
 *
 * Files: `<root>/<key>` is an object, whole and synced. `<root>/.incoming/<uuid>` is one being written; it becomes an object by
 * rename (or by link, where it must not replace one) and is deleted when that fails. A file that will not change is not copied when it
 * lies on the same file system: the object is another name of it. Incoming files older than a day are what a crash
 * left: they are deleted when a store is opened. A key part never begins with a dot, so the two cannot meet.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { type FileHandle, link, mkdir, open, readdir, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { assertRange, clampRange } from './byte-range.ts';
import { writeDurably } from './durable-file.ts';
import { toFolderError } from './folder-error.ts';
import { assertObjectKey } from './object-key.ts';
import {
  type ByteRange,
  type ObjectStore,
  type ObjectWriter,
  type PutFileOptions,
  type PutOptions,
  StorageError,
  type StoredObject,
  UNFINISHED_LIVES_MS,
  type WriterOptions,
} from './object-store.ts';
import { probeStore } from './probe-store.ts';

const incomingName = '.incoming';
/** Large enough that copying is bound by the disk, small enough to be aborted at once. */
const copyChunkBytes = 1024 * 1024;

type WriteFile = (path: string, bytes: Uint8Array) => Promise<void>;

export class FolderStore implements ObjectStore {
  readonly description: string;
  readonly #root: string;
  readonly #incoming: string;
  readonly #writeFile: WriteFile;

  private constructor(root: string, writeFile: WriteFile) {
    this.#root = root;
    this.#writeFile = writeFile;
    this.#incoming = join(root, incomingName);
    this.description = `the folder ${root}`;
  }

  /** Makes the folder when it is not there. */
  static async open(root: string, options: { writeFile?: WriteFile } = {}): Promise<FolderStore> {
    const store = new FolderStore(resolve(root), options.writeFile ?? writeDurably);
    await store.#translate(async () => {
      await mkdir(store.#incoming, { recursive: true });
      await store.#deleteLeftovers(UNFINISHED_LIVES_MS);
    });
    return store;
  }

  async put(key: string, bytes: Uint8Array, options: PutOptions): Promise<void> {
    await this.#store(key, options, (incoming) => this.#writeFile(incoming, bytes));
  }

  async putFile(key: string, path: string, options: PutFileOptions): Promise<void> {
    const { unchanging = false, signal } = options;
    await this.#store(key, options, async (incoming) => {
      signal?.throwIfAborted();
      if (!unchanging || !(await linkFile(path, incoming))) {
        await pipeline(
          createReadStream(path, { highWaterMark: copyChunkBytes }),
          createWriteStream(incoming, { flags: 'wx', highWaterMark: copyChunkBytes }),
          { signal },
        );
      }
      await syncFile(incoming);
      signal?.throwIfAborted();
    });
  }

  async openWriter(key: string, options: WriterOptions): Promise<ObjectWriter> {
    assertObjectKey(key);
    const { ifAbsent = false, signal } = options;
    const incoming = join(this.#incoming, randomUUID());
    const file = await this.#translate(() => open(incoming, 'wx'));
    const step = (work: () => Promise<void>) =>
      this.#translate(async () => {
        signal?.throwIfAborted();
        await work();
      }, signal);
    const letGo = async () => {
      await file.close().catch(() => {});
      await unlink(incoming).catch(() => {});
    };
    return {
      write: (bytes) => step(() => file.writeFile(bytes)),
      complete: () =>
        step(async () => {
          await file.datasync();
          await this.#publish(incoming, key, ifAbsent);
          await letGo();
        }),
      abort: letGo,
    };
  }

  async head(key: string): Promise<StoredObject | undefined> {
    assertObjectKey(key);
    return this.#translate(async () => {
      const found = await statFile(join(this.#root, key));
      return found && { key, sizeBytes: found.size };
    });
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    assertObjectKey(key);
    if (range) assertRange(range);
    return this.#translate(async () => {
      const file = await openFile(join(this.#root, key));
      if (!file) throw new StorageError('not-found', `${this.description} has no object ${key}.`, false);
      try {
        const part = range && clampRange(range, (await file.stat()).size);
        return file.createReadStream(part && { start: part.startByte, end: part.endByte });
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    yield* this.#listFolder('', prefix);
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) assertObjectKey(key);
    await this.#translate(async () => {
      for (const key of keys) {
        await unlink(join(this.#root, key)).catch(unless('ENOENT', 'ENOTDIR', 'EISDIR', 'EPERM'));
        await this.#removeEmptyFolders(dirname(key));
      }
    });
  }

  async removeUnfinished(olderThanMs = UNFINISHED_LIVES_MS): Promise<void> {
    await this.#translate(() => this.#deleteLeftovers(olderThanMs));
  }

  async check(): Promise<void> {
    await probeStore(this);
  }

  close(): void {}

  async #store(key: string, options: PutFileOptions, write: (incoming: string) => Promise<void>): Promise<void> {
    assertObjectKey(key);
    await this.#translate(async () => {
      const incoming = join(this.#incoming, randomUUID());
      try {
        await write(incoming);
        await this.#publish(incoming, key, options.ifAbsent ?? false);
      } finally {
        await unlink(incoming).catch(unless('ENOENT'));
      }
    }, options.signal);
  }

  /** Makes a whole file visible under its key. A folder emptied by `delete` meanwhile is made again. */
  async #publish(incoming: string, key: string, ifAbsent: boolean): Promise<void> {
    const target = join(this.#root, key);
    for (let triesLeft = 3; ; triesLeft--) {
      try {
        if (ifAbsent) await link(incoming, target);
        else await rename(incoming, target);
        await syncFolder(dirname(target));
        return;
      } catch (error) {
        const code = codeOf(error);
        if (code === 'EEXIST' && ifAbsent)
          throw new StorageError('exists', `There is already an object ${key}.`, false);
        if (code !== 'ENOENT' || triesLeft === 0) throw error;
        await mkdir(dirname(target), { recursive: true });
      }
    }
  }

  async *#listFolder(folder: string, prefix: string): AsyncIterable<StoredObject> {
    const entries = await readdir(join(this.#root, folder), { withFileTypes: true }).catch(unless('ENOENT'));
    // A folder sorts with its slash, so that keys come in the order of their bytes.
    const names = (entries ?? [])
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort((a, b) => (a < b ? -1 : 1));
    for (const name of names) {
      const key = folder + name;
      if (name.endsWith('/')) {
        if (key.startsWith(prefix) || prefix.startsWith(key)) yield* this.#listFolder(key, prefix);
      } else if (key.startsWith(prefix)) {
        const found = await statFile(join(this.#root, key));
        if (found) yield { key, sizeBytes: found.size };
      }
    }
  }

  async #removeEmptyFolders(folder: string): Promise<void> {
    for (let path = folder; path !== '.'; path = dirname(path)) {
      const isRemoved = await rmdir(join(this.#root, path)).then(
        () => true,
        () => false,
      );
      if (!isRemoved) return;
    }
  }

  async #deleteLeftovers(olderThanMs: number): Promise<void> {
    for (const name of await readdir(this.#incoming)) {
      const path = join(this.#incoming, name);
      const found = await statFile(path);
      if (found && Date.now() - found.mtimeMs >= olderThanMs) await unlink(path).catch(unless('ENOENT'));
    }
  }

  async #translate<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw toFolderError(error, this.#root);
    }
  }
}

async function statFile(path: string): Promise<Stats | undefined> {
  const found = await stat(path).catch(unless('ENOENT', 'ENOTDIR'));
  return found?.isFile() ? found : undefined;
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  const file = await open(path, 'r').catch(unless('ENOENT', 'ENOTDIR'));
  if (!file) return undefined;
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}

/** False where it cannot be: on another file system, or one without links. */
function linkFile(path: string, name: string): Promise<boolean> {
  return link(path, name).then(
    () => true,
    () => false,
  );
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** For `catch`: these codes mean "not there" and become undefined. */
function unless(...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(codeOf(error) ?? '')) throw error;
    return undefined;
  };
}
