/**
 * The log of an attempt's journal: one line an entry, `<crc32 as 8 hex digits> <JSON>\n`, only ever appended to.
 * In: entries. Out: lines on disk, synced when asked. Reading stops at the first line that is torn or altered (a crash
 * can only tear the end); what follows it is counted, not guessed at.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { gapSchema, storedSegmentSchema, trackSummarySchema } from '../contract/media.ts';
import { outcomeSchema } from '../contract/report.ts';

/** Whose journal it is, and what whoever finds it needs to say so. The file is for its owner's eyes only: it holds a token. */
export const journalOwnerSchema = z.object({
  recordingId: z.uuid(),
  attemptId: z.uuid(),
  epoch: z.int().positive(),
  objectPrefix: z.string(),
  /** Absent: nobody is reported to. */
  reportToken: z.string().optional(),
});
export type JournalOwner = z.infer<typeof journalOwnerSchema>;

/** What a manifest needs besides the segments; the newest one counts. */
export const journalFactsSchema = z.object({
  startedAtUnixMs: z.int().optional(),
  /** Presentation time 0 on the machine's monotonic clock, and which start of the machine that counts from. */
  zero: z.object({ monotonicMicros: z.int(), epoch: z.string() }).optional(),
  publisherZeroMicros: z.int().optional(),
  participantSid: z.string().optional(),
  tracks: z.array(trackSummarySchema),
  gaps: z.array(gapSchema),
});
export type JournalFacts = z.infer<typeof journalFactsSchema>;

export const journalEntrySchema = z.discriminatedUnion('kind', [
  /** Always the first line. */
  z.object({ kind: z.literal('attempt'), version: z.literal(1), owner: journalOwnerSchema }),
  /** Its file was whole and synced before this line was written. */
  z.object({ kind: z.literal('segment'), segment: storedSegmentSchema }),
  /** It is in the store: its file may be freed. Not synced by itself: a lost one costs an upload, nothing else. */
  z.object({ kind: z.literal('stored'), key: z.string() }),
  /** Its file was gone or altered before it was in the store: it is no part of the recording any more. */
  z.object({ kind: z.literal('lost'), key: z.string() }),
  z.object({ kind: z.literal('facts'), facts: journalFactsSchema }),
  /** How it ended, written before anyone is told. Always the last line. */
  z.object({ kind: z.literal('outcome'), outcome: outcomeSchema }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** With the space behind it. */
const CHECKSUM_BYTES = 9;
const READ_BYTES = 1024 * 1024;
/** Far more than the longest entry: the facts of a recording with as many gaps as are listed. */
const LONGEST_LINE_BYTES = 8 * 1024 * 1024;

export class JournalLog {
  /** Marks that wait for the next commit. */
  #waiting: JournalEntry[] = [];
  #committedBytes: number;
  #broken = false;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, committedBytes: number) {
    this.#file = file;
    this.#committedBytes = committedBytes;
  }

  /** @param validBytes where to go on writing: 0 for a new log, `validBytes` of what was read for an old one. */
  static async open(path: string, validBytes: number): Promise<JournalLog> {
    const file = await open(path, 'a+', 0o600);
    await file.truncate(validBytes);
    return new JournalLog(file, validBytes);
  }

  /** Kept in memory until the next `commit`, so that small marks cost no write of their own. */
  mark(entry: JournalEntry): void {
    this.#waiting.push(entry);
  }

  /**
   * The marks and these entries survive a power cut when this resolves. When it rejects, none of them is in the log and the marks
   * still wait. One at a time.
   */
  async commit(entries: readonly JournalEntry[] = []): Promise<void> {
    if (this.#broken) throw new Error('The journal log could not be restored after a failed write.');
    const marks = this.#waiting;
    if (marks.length + entries.length === 0) return;
    this.#waiting = [];
    const bytes = Buffer.from([...marks, ...entries].map(toLine).join(''));
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
      this.#committedBytes += bytes.length;
    } catch (error) {
      this.#waiting = [...marks, ...this.#waiting];
      // Half a line in the middle would hide everything written after it.
      await this.#file.truncate(this.#committedBytes).catch(() => {
        this.#broken = true;
      });
      throw error;
    }
  }

  /** What was committed, also when somebody has deleted the file meanwhile. */
  async read(kinds: readonly EntryKind[], take: (entry: JournalEntry) => void): Promise<void> {
    await readLines(this.#file, (line) => !kinds.some((kind) => kind === kindOf(line)) || takeLine(line, take));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

export interface JournalLogExtent {
  /** Length of the readable lines. */
  validBytes: number;
  /** Length of what could not be read after them. */
  tornBytes: number;
}

type EntryKind = JournalEntry['kind'];

/** All entries in order, but of the facts only the newest, at the end: a worker that starts again is in a hurry. */
export async function readJournalLog(path: string, take: (entry: JournalEntry) => void): Promise<JournalLogExtent> {
  const file = await open(path, 'r');
  try {
    let facts: Buffer | undefined;
    const extent = await readLines(file, (line) => {
      if (kindOf(line) !== 'facts') return takeLine(line, take);
      facts = Buffer.from(line);
      return true;
    });
    if (facts) takeLine(facts, take);
    return extent;
  } finally {
    await file.close();
  }
}

/** A piece at a time: the log of a day is a hundred megabytes. @param take false: the line is none of ours, nothing follows. */
async function readLines(file: FileHandle, take: (line: Buffer) => boolean): Promise<JournalLogExtent> {
  const piece = Buffer.allocUnsafe(READ_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let validBytes = 0;
  let isTorn = false;
  while (!isTorn && rest.length < LONGEST_LINE_BYTES) {
    const { bytesRead } = await file.read(piece, 0, piece.length, validBytes + rest.length);
    if (bytesRead === 0) break;
    const known = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = known.indexOf(0x0a); end !== -1 && !isTorn; end = known.indexOf(0x0a, start)) {
      const line = known.subarray(start, end);
      isTorn = !isWhole(line) || !take(line);
      if (!isTorn) start = end + 1;
    }
    validBytes += start;
    rest = known.subarray(start);
  }
  return { validBytes, tornBytes: (await file.stat()).size - validBytes };
}

function toLine(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${checksum(json)} ${json}\n`;
}

function isWhole(line: Buffer): boolean {
  return line.toString('latin1', 0, CHECKSUM_BYTES) === `${checksum(line.subarray(CHECKSUM_BYTES))} `;
}

/** As `toLine` writes it: in front of everything else. */
function kindOf(line: Buffer): string {
  return /^\{"kind":"([a-z]+)"/.exec(line.toString('latin1', CHECKSUM_BYTES, CHECKSUM_BYTES + 32))?.[1] ?? '';
}

function takeLine(line: Buffer, take: (entry: JournalEntry) => void): boolean {
  const entry = fromLine(line);
  if (entry) take(entry);
  return entry !== undefined;
}

function fromLine(line: Buffer): JournalEntry | undefined {
  try {
    return journalEntrySchema.safeParse(JSON.parse(line.toString('utf8', CHECKSUM_BYTES))).data;
  } catch {
    return undefined;
  }
}

function checksum(text: string | Buffer): string {
  return crc32(text).toString(16).padStart(8, '0');
}
