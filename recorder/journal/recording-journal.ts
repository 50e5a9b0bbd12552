/**
 * The journal of an attempt: what was captured, durable on local disk before anyone is told that it was.
 *
 * In: closed segments, in order within a medium. Out: the same, on disk, with key, size and SHA-256.
 * Nothing is dropped: a segment that cannot be written is a TaskError (`spool.full`, `spool.failed`).
 *
 * Files of an attempt, all in `<spoolDir>/<attemptId>/`:
 *
 *   camera-000001.webm   a segment, as it will be in the store. Written and synced once, never changed. Deleted by
 *                        `SpoolSpace` when room is needed and the store has it, else by `remove()`.
 *   journal.log          see journal-log.ts. First line: whose journal. A `segment` line follows the synced file, so a file
 *                        without a line is torn, and is not part of the recording. `stored` lines follow the upload.
 *
 * The folder appears with `open()` and goes with `remove()`, when everything is in the store and the control plane knows it. One
 * whose process is gone (process-spool.ts) is an attempt that was interrupted: `recover()` opens it again.
 *
 * The cost of a segment is two syncs (file and folder, then log), in libuv's threads.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../storage/durable-file.ts';
import type { Medium, StoredSegment } from '../contract/media.ts';
import type { Outcome } from '../contract/report.ts';
import type { Segment } from '../segment/segment.ts';
import { type JournalFacts, JournalLog, type JournalOwner, readJournalLog } from './journal-log.ts';
import { toSpoolError } from './spool-error.ts';
import { SpoolSpace } from './spool-space.ts';

/** A segment on local disk. The file may have been freed once the store had it: then read `key` from there. */
export interface SpooledSegment extends StoredSegment {
  path: string;
}

export interface JournalOptions {
  spoolDir: string;
  owner: JournalOwner;
  /** Default: the one of this process for the spool folder. */
  space?: SpoolSpace;
  writeFile?: (path: string, bytes: Uint8Array) => Promise<void>;
}

/** What a crash left behind. */
export interface RecoveredJournal {
  journal: RecordingJournal;
  facts: JournalFacts | undefined;
  /** Set when it had ended, but may not have been heard. */
  outcome: Outcome | undefined;
  /** In the order they were captured. Of those not `isStored` the file may be damaged: ask `isIntact`. */
  segments: SpooledSegment[];
  /** What the crash interrupted the writing of, also of a finished file; deleted. */
  tornFiles: string[];
  tornLogBytes: number;
}

const logName = 'journal.log';

export class RecordingJournal {
  readonly folder: string;
  readonly owner: JournalOwner;
  readonly #space: SpoolSpace;
  readonly #writeFile: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly #log: JournalLog;
  readonly #folderHandle: FileHandle;
  readonly #lastSequence = new Map<Medium, number>();
  readonly #stored = new Set<string>();
  /** Claimed bytes by path, and how to take back the offer to free them. */
  readonly #files = new Map<string, { sizeBytes: number; withdraw?: () => boolean }>();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(options: JournalOptions, folder: string, log: JournalLog, folderHandle: FileHandle) {
    this.folder = folder;
    this.owner = options.owner;
    this.#space = options.space ?? SpoolSpace.of(options.spoolDir);
    this.#writeFile = options.writeFile ?? writeDurably;
    this.#log = log;
    this.#folderHandle = folderHandle;
  }

  /** Starts the journal of a new attempt. */
  static async open(options: JournalOptions): Promise<RecordingJournal> {
    const { recordingId, attemptId, epoch, objectPrefix, reportToken } = options.owner;
    const owner: JournalOwner = { recordingId, attemptId, epoch, objectPrefix, reportToken };
    const folder = join(options.spoolDir, owner.attemptId);
    let isMade = false;
    try {
      await mkdir(options.spoolDir, { recursive: true, mode: 0o700 });
      await mkdir(folder, { mode: 0o700 });
      isMade = true;
      const log = await JournalLog.open(join(folder, logName), 0);
      const folderHandle = await open(folder, 'r');
      await log.commit([{ kind: 'attempt', version: 1, owner }]);
      await folderHandle.sync();
      await syncFolder(options.spoolDir);
      return new RecordingJournal({ ...options, owner }, folder, log, folderHandle);
    } catch (error) {
      if (isMade) await rm(folder, { recursive: true, force: true });
      throw toSpoolError(error, folder);
    }
  }

  /** Opens what an interrupted attempt left, or `undefined` when not even its first line was written. */
  static async recover(
    options: Omit<JournalOptions, 'owner'> & { attemptId: string },
  ): Promise<RecoveredJournal | undefined> {
    const folder = join(options.spoolDir, options.attemptId);
    const content = await readJournalLog(join(folder, logName)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    const first = content?.entries[0];
    if (!content || first?.kind !== 'attempt') return undefined;
    const log = await JournalLog.open(join(folder, logName), content.validBytes);
    const journal = new RecordingJournal({ ...options, owner: first.owner }, folder, log, await open(folder, 'r'));
    return journal.#adopt(content);
  }

  /** Resolves when the segment would survive a power cut. One after the other, in the order of the calls. */
  append(segment: Segment): Promise<SpooledSegment> {
    const result = this.#queue.then(() => this.#append(segment));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** A sentence, when there will soon be no room for more. */
  get warning(): string | undefined {
    return this.#space.warning;
  }

  isStored(key: string): boolean {
    return this.#stored.has(key);
  }

  /** The store has it: from now on the file may be freed. Written to the log with the next segment. */
  markStored(segment: SpooledSegment): void {
    if (this.#closed || this.#stored.has(segment.key)) return;
    this.#stored.add(segment.key);
    this.#log.mark({ kind: 'stored', key: segment.key });
    const file = this.#files.get(segment.path);
    if (file) file.withdraw = this.#space.offer({ path: segment.path, sizeBytes: file.sizeBytes });
  }

  /** Tracks and gaps as they stand. Written to the log with the next segment. */
  noteFacts(facts: JournalFacts): void {
    if (!this.#closed) this.#log.mark({ kind: 'facts', facts });
  }

  /** Resolves when the outcome would survive a power cut: whoever finds the journal tells it. Nothing follows. */
  conclude(outcome: Outcome): Promise<void> {
    const result = this.#queue.then(async () => {
      if (!this.#closed) await this.#log.commit([{ kind: 'outcome', outcome }]);
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Writes the marks made since the last segment and lets go of the files, which stay. */
  close(): Promise<void> {
    const result = this.#queue.then(async () => {
      if (this.#closed) return;
      this.#closed = true;
      try {
        await this.#log.commit();
      } finally {
        await this.#log.close();
        await this.#folderHandle.close();
      }
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Deletes the folder. Only when the recording is elsewhere, or nobody wants it. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
    for (const file of this.#files.values()) {
      const stillThere = file.withdraw?.() ?? true;
      if (stillThere) this.#space.release(file.sizeBytes);
    }
    this.#files.clear();
  }

  async #append(segment: Segment): Promise<SpooledSegment> {
    if (this.#closed) throw new Error(`The journal of attempt ${this.owner.attemptId} is closed.`);
    const expected = (this.#lastSequence.get(segment.medium) ?? 0) + 1;
    if (segment.sequence !== expected) {
      throw new Error(`Segment ${segment.sequence} of ${segment.medium} came where ${expected} was expected.`);
    }
    const { bytes, ...rest } = segment;
    const name = `${String(segment.sequence).padStart(6, '0')}.${segment.container}`;
    const stored: StoredSegment = {
      ...rest,
      key: `${this.owner.objectPrefix}${segment.medium}/${name}`,
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    const path = join(this.folder, `${segment.medium}-${name}`);
    await this.#space.claim(bytes.length);
    try {
      await this.#writeFile(path, bytes);
      await this.#folderHandle.sync();
      await this.#log.commit([{ kind: 'segment', segment: stored }]);
    } catch (error) {
      this.#space.release(bytes.length);
      await unlink(path).catch(() => {});
      throw toSpoolError(error, this.folder);
    }
    this.#files.set(path, { sizeBytes: bytes.length });
    this.#lastSequence.set(segment.medium, segment.sequence);
    return { ...stored, path };
  }

  async #adopt(content: Awaited<ReturnType<typeof readJournalLog>>): Promise<RecoveredJournal> {
    let facts: JournalFacts | undefined;
    let outcome: Outcome | undefined;
    const segments: SpooledSegment[] = [];
    for (const entry of content.entries) {
      if (entry.kind === 'facts') facts = entry.facts;
      if (entry.kind === 'outcome') outcome = entry.outcome;
      if (entry.kind === 'stored') this.#stored.add(entry.key);
      if (entry.kind === 'segment') {
        segments.push({ ...entry.segment, path: join(this.folder, fileNameOf(entry.segment)) });
      }
    }
    const known = new Set<string>([logName]);
    for (const segment of segments) {
      known.add(fileNameOf(segment));
      this.#lastSequence.set(segment.medium, segment.sequence);
    }
    const there = new Set(await readdir(this.folder));
    for (const segment of segments) if (there.has(fileNameOf(segment))) this.#adoptFile(segment);
    const tornFiles = [...there].filter((name) => !known.has(name));
    for (const name of tornFiles) await rm(join(this.folder, name), { recursive: true, force: true });
    return { journal: this, facts, outcome, segments, tornFiles, tornLogBytes: content.tornBytes };
  }

  #adoptFile({ path, sizeBytes, key }: SpooledSegment): void {
    this.#space.adopt(sizeBytes);
    const withdraw = this.#stored.has(key) ? this.#space.offer({ path, sizeBytes }) : undefined;
    this.#files.set(path, { sizeBytes, withdraw });
  }
}

function fileNameOf(segment: StoredSegment): string {
  return `${segment.medium}-${String(segment.sequence).padStart(6, '0')}.${segment.container}`;
}

/** The file has the bytes that were listed. */
export async function isIntact(segment: SpooledSegment): Promise<boolean> {
  const bytes = await readFile(segment.path).catch(() => undefined);
  return bytes?.length === segment.sizeBytes && createHash('sha256').update(bytes).digest('hex') === segment.sha256;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
