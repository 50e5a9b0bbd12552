/**
 * An attempt whose process died: what its journal holds is reported and brought into the store.
 *
 * In:  a journal that was taken over. Out: the report that it ended, at once, and its segments as they get into the store.
 * Dropped, and logged: segments that are listed and whose file is missing or altered.
 *
 * It ended as `recorder.killed`, unless the journal says how: then only the telling was interrupted.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ObjectStore } from '../storage/object-store.ts';
import { type Clock, systemClock } from './clock.ts';
import type { StoredSegment } from './contract/media.ts';
import { type Command, noLiveStats, type Outcome } from './contract/report.ts';
import type { JournalFacts } from './journal/journal-log.ts';
import { isIntact, RecordingJournal, type RecoveredJournal, type SpooledSegment } from './journal/recording-journal.ts';
import { discardedError, killedOutcome } from './recording-outcome.ts';
import type { AttemptSnapshot, ReportedAttempt } from './report/reported-attempt.ts';
import { SegmentUploader } from './upload/segment-uploader.ts';

export interface RecoveredAttemptOptions {
  spoolDir: string;
  attemptId: string;
  /** May still be opened: what happened is told without it. */
  store: ObjectStore | Promise<ObjectStore>;
  /** What its supervisor says of how the process ended. */
  howItDied?: string;
  log: Logger;
  clock?: Clock;
}

export class RecoveredAttempt implements ReportedAttempt {
  readonly attemptId: string;
  readonly epoch: number;
  readonly reportToken: string;
  /** Set before `run`: `snapshot()` says something new. */
  onChange: () => void = () => {};
  readonly #options: RecoveredAttemptOptions;
  readonly #clock: Clock;
  readonly #journal: RecordingJournal;
  readonly #facts: JournalFacts | undefined;
  readonly #outcome: Outcome;
  /** And not acknowledged. */
  readonly #stored: StoredSegment[];
  readonly #unstored: SpooledSegment[];
  readonly #discarded = new AbortController();
  #uploader: SegmentUploader | undefined;
  #sizeBytes = 0;
  #durationMs = 0;

  private constructor(options: RecoveredAttemptOptions, recovered: RecoveredJournal) {
    const { journal, facts, outcome, stored, unstored } = recovered;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#journal = journal;
    this.#facts = facts;
    this.#outcome = outcome ?? killedOutcome(options.howItDied);
    this.attemptId = journal.owner.attemptId;
    this.epoch = journal.owner.epoch;
    this.reportToken = journal.owner.reportToken ?? '';
    this.#stored = stored;
    this.#unstored = unstored;
    for (const { sizeBytes, endMicros } of [...stored, ...unstored]) {
      this.#sizeBytes += sizeBytes;
      this.#durationMs = Math.max(this.#durationMs, Math.round(endMicros / 1000));
    }
  }

  /** Undefined, and the folder gone, when there is nothing in it that anyone could be told. */
  static async open(options: RecoveredAttemptOptions): Promise<RecoveredAttempt | undefined> {
    const { spoolDir, attemptId, log } = options;
    const recovered = await RecordingJournal.recover({ spoolDir, attemptId });
    if (!recovered?.journal.owner.reportToken) {
      await recovered?.journal.remove();
      await rm(join(spoolDir, attemptId), { recursive: true, force: true });
      return undefined;
    }
    const { tornFiles, tornLogBytes, stored, unstored } = recovered;
    const segments = stored.length + unstored.length;
    log.warn({ attemptId, segments, tornFiles, tornLogBytes }, 'attempt.recovered');
    return new RecoveredAttempt(options, recovered);
  }

  /** Resolves when everything that can be is in the store, or nobody wants it. */
  async run(): Promise<void> {
    const { signal } = this.#discarded;
    const uploader = await this.#openUploader();
    for (let segment = this.#unstored[0]; segment && !signal.aborted; segment = this.#unstored[0]) {
      const isWhole = await isIntact(segment);
      this.#unstored.shift();
      if (isWhole) uploader.enqueue(segment);
      else await this.#lose(segment);
    }
    await uploader.drain(signal, true).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.#unstored.length = 0;
    uploader.close();
  }

  snapshot(): AttemptSnapshot {
    const facts = this.#facts;
    return {
      state: 'ended',
      startedAtUnixMs: facts?.startedAtUnixMs,
      captureAgeMs: this.#captureAgeMs,
      publisherZeroMicros: facts?.publisherZeroMicros,
      participantSid: facts?.participantSid,
      stats: {
        ...noLiveStats,
        durationMs: this.#durationMs,
        sizeBytes: this.#sizeBytes,
        segmentsPending: this.#discarded.signal.aborted ? 0 : this.#unstored.length + (this.#uploader?.pending ?? 0),
        uploadTrouble: this.#uploader?.trouble,
      },
      tracks: facts?.tracks ?? [],
      gaps: facts?.gaps ?? [],
      segments: this.#stored,
      outcome: this.#outcome,
    };
  }

  obey(command: Command): void {
    if (command === 'discard') this.#discarded.abort(discardedError());
  }

  leased(): void {}

  acknowledged(segmentCount: number): void {
    this.#stored.splice(0, segmentCount);
  }

  async release(): Promise<void> {
    this.#uploader?.close();
    await this.#journal.remove();
  }

  /** Known as long as the machine has not been started anew. */
  get #captureAgeMs(): number | undefined {
    const zero = this.#facts?.zero;
    if (!zero || zero.epoch !== this.#clock.epoch) return undefined;
    return Math.max(0, Math.round((this.#clock.monotonicMicros() - zero.monotonicMicros) / 1000));
  }

  async #openUploader(): Promise<SegmentUploader> {
    this.#uploader = new SegmentUploader({
      store: await this.#options.store,
      clock: this.#clock,
      onStored: (segment) => {
        this.#journal.markStored(segment);
        this.#stored.push(withoutPath(segment));
        this.onChange();
      },
      onLost: (segment) => void this.#lose(segment),
      onTrouble: () => this.onChange(),
    });
    return this.#uploader;
  }

  async #lose(segment: SpooledSegment): Promise<void> {
    const { attemptId } = this;
    const { log } = this.#options;
    log.error({ attemptId, key: segment.key }, 'segment.lost: its file is missing or altered');
    this.onChange();
    // Else the next one that recovers it finds that out by itself.
    await this.#journal.markLost(segment).catch((error: unknown) => log.warn({ error }, 'journal.not-marked'));
  }
}

function withoutPath({ path: _, ...segment }: SpooledSegment): StoredSegment {
  return segment;
}
