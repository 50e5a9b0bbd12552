/**
 * The log of an attempt's journal: one line an entry, `<crc32 as 8 hex digits> <JSON>\n`, only ever appended to.
 * In: entries. Out: lines on disk, synced when asked. Reading stops at the first line that is torn or altered (a crash
 * can only tear the end); what follows it is counted, not guessed at.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
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
  z.object({ kind: z.literal('facts'), facts: journalFactsSchema }),
  /** How it ended, written before anyone is told. Always the last line. */
  z.object({ kind: z.literal('outcome'), outcome: outcomeSchema }),
]);
export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** With the space behind it. */
const CHECKSUM_BYTES = 9;
const factsHead = Buffer.from('{"kind":"facts"');

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
    const file = await open(path, 'a', 0o600);
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

  async close(): Promise<void> {
    await this.#file.close();
  }
}

export interface JournalLogContent {
  /** Of the facts only the newest: an hour of them is long to read, and a worker that starts again is in a hurry. */
  entries: JournalEntry[];
  /** Length of the readable lines. */
  validBytes: number;
  /** Length of what could not be read after them. */
  tornBytes: number;
}

export async function readJournalLog(path: string): Promise<JournalLogContent> {
  const bytes = await readFile(path);
  const entries: JournalEntry[] = [];
  let newestFacts: Buffer | undefined;
  let validBytes = 0;
  while (validBytes < bytes.length) {
    const end = bytes.indexOf(0x0a, validBytes);
    const line = end === -1 ? undefined : bytes.subarray(validBytes, end);
    if (!line || !isWhole(line)) break;
    if (line.subarray(CHECKSUM_BYTES, CHECKSUM_BYTES + factsHead.length).equals(factsHead)) newestFacts = line;
    else {
      const entry = fromLine(line);
      if (!entry) break;
      entries.push(entry);
    }
    validBytes = end + 1;
  }
  const facts = newestFacts && fromLine(newestFacts);
  if (facts) entries.push(facts);
  return { entries, validBytes, tornBytes: bytes.length - validBytes };
}

function toLine(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${checksum(json)} ${json}\n`;
}

function isWhole(line: Buffer): boolean {
  return line.toString('latin1', 0, CHECKSUM_BYTES) === `${checksum(line.subarray(CHECKSUM_BYTES))} `;
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
