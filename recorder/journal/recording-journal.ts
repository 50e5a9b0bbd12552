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
 * The log is the only list of segments: in memory there is none, since a recording may last for days.
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
import { type JournalEntry, type JournalFacts, JournalLog, type JournalOwner, readJournalLog } from './journal-log.ts';
import { segmentFileName, segmentKey } from './segment-name.ts';
import { toSpoolError } from './spool-error.ts';
import { SpoolSpace } from './spool-space.ts';
import { SpooledFiles } from './spooled-files.ts';

/** A segment on local disk, on its way into the store. */
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
  /** In the order they were captured. Their files may have been freed. */
  stored: StoredSegment[];
  /** The rest. A file may be damaged: ask `isIntact`. */
  unstored: SpooledSegment[];
  /** What the crash interrupted the writing of, also of a finished file; deleted. */
  tornFiles: string[];
  tornLogBytes: number;
}

const logName = 'journal.log';

export class RecordingJournal {
  readonly folder: string;
  readonly owner: JournalOwner;
  readonly #space: SpoolSpace;
  readonly #files: SpooledFiles;
  readonly #writeFile: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly #log: JournalLog;
  readonly #folderHandle: FileHandle;
  readonly #lastSequence = new Map<Medium, number>();
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(options: JournalOptions, folder: string, log: JournalLog, folderHandle: FileHandle) {
    this.folder = folder;
    this.owner = options.owner;
    this.#space = options.space ?? SpoolSpace.of(options.spoolDir);
    this.#files = new SpooledFiles(folder, this.#space);
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
    const entries: JournalEntry[] = [];
    const extent = await readJournalLog(join(folder, logName), (entry) => entries.push(entry)).catch(unlessGone);
    const first = entries[0];
    if (!extent || first?.kind !== 'attempt') return undefined;
    const log = await JournalLog.open(join(folder, logName), extent.validBytes);
    const journal = new RecordingJournal({ ...options, owner: first.owner }, folder, log, await open(folder, 'r'));
    return { ...(await journal.#adopt(entries)), tornLogBytes: extent.tornBytes };
  }

  /** Resolves when the segment would survive a power cut. One after the other, in the order of the calls. */
  append(segment: Segment): Promise<SpooledSegment> {
    return this.#inTurn(() => this.#append(segment));
  }

  /** A sentence, when there will soon be no room for more. */
  get warning(): string | undefined {
    return this.#space.warning;
  }

  /** Of a segment of this attempt. */
  pathOf(segment: StoredSegment): string {
    return join(this.folder, segmentFileName(segment));
  }

  /** What the recording consists of, in the order it was captured: read from the log. Not after `close`. */
  segments(): Promise<StoredSegment[]> {
    return this.#queue.then(async () => {
      const segments: StoredSegment[] = [];
      const lost = new Set<string>();
      await this.#log.read(['segment', 'lost'], (entry) => {
        if (entry.kind === 'segment') segments.push(entry.segment);
        if (entry.kind === 'lost') lost.add(entry.key);
      });
      return lost.size === 0 ? segments : segments.filter(({ key }) => !lost.has(key));
    });
  }

  /** The store has it: from now on the file may be freed. In order. Written to the log with the next segment. */
  markStored(segment: StoredSegment): void {
    if (!this.#closed && this.#files.stored(segment)) this.#log.mark({ kind: 'stored', key: segment.key });
  }

  /** Its file is gone or altered, and the store does not have it. */
  async markLost({ key }: StoredSegment): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#closed) await this.#log.commit([{ kind: 'lost', key }]);
    });
  }

  /** Tracks and gaps as they stand. Written to the log with the next segment. */
  noteFacts(facts: JournalFacts): void {
    if (!this.#closed) this.#log.mark({ kind: 'facts', facts });
  }

  /** Resolves when the outcome would survive a power cut: whoever finds the journal tells it. Nothing follows. */
  conclude(outcome: Outcome): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#closed) await this.#log.commit([{ kind: 'outcome', outcome }]);
    });
  }

  /** Writes the marks made since the last segment and lets go of the files, which stay. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closed) return;
      this.#closed = true;
      try {
        await this.#log.commit();
      } finally {
        await this.#log.close();
        await this.#folderHandle.close();
      }
    });
  }

  /** Deletes the folder. Only when the recording is elsewhere, or nobody wants it. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
    this.#files.removed();
  }

  /** One after the other, in the order of the calls. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }

  async #append(segment: Segment): Promise<SpooledSegment> {
    if (this.#closed) throw new Error(`The journal of attempt ${this.owner.attemptId} is closed.`);
    const expected = (this.#lastSequence.get(segment.medium) ?? 0) + 1;
    if (segment.sequence !== expected) {
      throw new Error(`Segment ${segment.sequence} of ${segment.medium} came where ${expected} was expected.`);
    }
    const { bytes, ...rest } = segment;
    const stored: StoredSegment = {
      ...rest,
      key: segmentKey(this.owner.objectPrefix, segment),
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    const path = this.pathOf(stored);
    await this.#files.claim(bytes.length);
    try {
      await this.#writeFile(path, bytes);
      await this.#folderHandle.sync();
      await this.#log.commit([{ kind: 'segment', segment: stored }]);
    } catch (error) {
      this.#files.unclaim(bytes.length);
      await unlink(path).catch(() => {});
      throw toSpoolError(error, this.folder);
    }
    this.#lastSequence.set(segment.medium, segment.sequence);
    return { ...stored, path };
  }

  async #adopt(entries: readonly JournalEntry[]): Promise<Omit<RecoveredJournal, 'tornLogBytes'>> {
    let facts: JournalFacts | undefined;
    let outcome: Outcome | undefined;
    const storedKeys = new Set<string>();
    const lostKeys = new Set<string>();
    const known = new Set<string>([logName]);
    for (const entry of entries) {
      if (entry.kind === 'facts') facts = entry.facts;
      if (entry.kind === 'outcome') outcome = entry.outcome;
      if (entry.kind === 'stored') storedKeys.add(entry.key);
      if (entry.kind === 'lost') lostKeys.add(entry.key);
      if (entry.kind === 'segment') known.add(segmentFileName(entry.segment));
    }
    const there = new Set(await readdir(this.folder));
    const stored: StoredSegment[] = [];
    const unstored: SpooledSegment[] = [];
    for (const entry of entries) {
      if (entry.kind !== 'segment') continue;
      const { segment } = entry;
      this.#lastSequence.set(segment.medium, segment.sequence);
      const isStored = storedKeys.has(segment.key);
      if (there.has(segmentFileName(segment))) this.#files.adopt(segment, isStored);
      if (isStored) stored.push(segment);
      else if (!lostKeys.has(segment.key)) unstored.push({ ...segment, path: this.pathOf(segment) });
    }
    const tornFiles = [...there].filter((name) => !known.has(name));
    for (const name of tornFiles) await rm(join(this.folder, name), { recursive: true, force: true });
    return { journal: this, facts, outcome, stored, unstored, tornFiles };
  }
}

/** The file has the bytes that were listed. */
export async function isIntact(segment: SpooledSegment): Promise<boolean> {
  const bytes = await readFile(segment.path).catch(() => undefined);
  return bytes?.length === segment.sizeBytes && createHash('sha256').update(bytes).digest('hex') === segment.sha256;
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
