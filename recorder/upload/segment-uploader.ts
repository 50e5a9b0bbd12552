/**
 * Brings the segments of one recording from the spool into the store.
 *
 * In: spooled segments, as they close. Out: `onStored`, in the same order, when the store has acknowledged each.
 * Dropped, and told: a segment whose file was deleted before it was uploaded. While the store fails, segments wait in the spool, `trouble` says why and since when, and the oldest is
 * tried again: soon after a failure that may pass, rarely after one that a person has to mend (wrong credentials, missing
 * bucket), since they may mend it while the recording runs. Uploading twice is harmless: same key, same bytes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { mediaMemory } from '../../storage/memory-pool.ts';
import { type ObjectStore, StorageError } from '../../storage/object-store.ts';
import type { Slots } from '../../storage/slots.ts';
import { type Clock, systemClock } from '../clock.ts';
import { contentTypeOf } from '../contract/media.ts';
import type { LiveStats } from '../contract/report.ts';
import type { SpooledSegment } from '../journal/recording-journal.ts';
import { storeTaskError } from '../store-failure.ts';
import { TaskError } from '../task-error.ts';
import { BackOff } from './back-off.ts';
import { uploadSlots } from './upload-slots.ts';

/** After a failure that may pass. The first wait is shorter than a segment, so that a hiccup is not seen outside. */
const firstRetryMs = 500;
/** A store that is back is used within half a minute; 100 recordings then ask a dead one about 4 times a second. */
const mostRetryMs = 30_000;

/** An upload that takes longer than this many segments take to record is trouble, though it has not failed yet. */
const slowAfterMicros = 10_000_000;

export type UploadTrouble = NonNullable<LiveStats['uploadTrouble']>;

export interface SegmentUploaderOptions {
  store: ObjectStore;
  onStored: (segment: SpooledSegment) => void;
  /** Its file is gone, so it never will be. */
  onLost?: (segment: SpooledSegment) => void;
  /** Trouble began or ended. */
  onTrouble?: (trouble: UploadTrouble | undefined) => void;
  clock?: Clock;
  random?: () => number;
  /** Resolves after the time, rejects when aborted. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Default: those of this process for the store. */
  slots?: Slots;
}

export class SegmentUploader {
  readonly #options: SegmentUploaderOptions;
  readonly #clock: Clock;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly #slots: Slots;
  readonly #backOff: BackOff;
  readonly #queue: SpooledSegment[] = [];
  /** What is in the file of the segment at the head of the queue, until its first try. */
  #bytesAtHand: Uint8Array | undefined;
  #trouble: UploadTrouble | undefined;
  /** Of the segment at the head of the queue; undefined between tries. */
  #uploadBegan: { atMicros: number; unixMs: number } | undefined;
  #isRunning = false;
  readonly #closed = new AbortController();
  /** Ends the wait after a failure. */
  #wake = new AbortController();
  #drain: { resolve: () => void; reject: (error: TaskError) => void; isPatient: boolean } | undefined;
  #lastError: TaskError | undefined;

  constructor(options: SegmentUploaderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sleep = options.sleep ?? ((ms, signal) => delay(ms, undefined, { signal }));
    this.#slots = options.slots ?? uploadSlots(options.store);
    this.#backOff = new BackOff(firstRetryMs, mostRetryMs, options.random);
  }

  /** Segments not yet in the store. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Set while uploads fail or hang: a sentence, and since when. */
  get trouble(): UploadTrouble | undefined {
    if (this.#trouble || !this.#uploadBegan) return this.#trouble;
    const { atMicros, unixMs } = this.#uploadBegan;
    if (this.#clock.monotonicMicros() - atMicros < slowAfterMicros) return undefined;
    return { message: `${this.#options.store.description} takes very long to store a segment.`, sinceUnixMs: unixMs };
  }

  /** @param bytes what is in its file. Kept only if it is uploaded at once: what waits, waits on disk. */
  enqueue(segment: SpooledSegment, bytes?: Uint8Array): void {
    if (this.#closed.signal.aborted) throw new Error(`Segment ${segment.key} came after the uploader was closed.`);
    this.#queue.push(segment);
    const startsNow = !this.#isRunning && this.#slots.isFree;
    if (startsNow) this.#bytesAtHand = bytes;
    else if (bytes) mediaMemory.give(bytes);
    if (!this.#isRunning) void this.#run();
  }

  /**
   * Resolves when everything enqueued is in the store. Rejects with what is in the way when the signal aborts first and, unless
   * patient, at once when that does not pass by itself; the segments stay in the spool and in the queue.
   */
  async drain(signal?: AbortSignal, isPatient = false): Promise<void> {
    if (this.#queue.length === 0) return;
    if (this.#drain) throw new Error('The uploader is already being drained.');
    const onAbort = () => this.#drain?.reject(this.#lastError ?? tooSlow(this.#options.store));
    try {
      await new Promise<void>((resolve, reject) => {
        this.#drain = { resolve, reject, isPatient };
        signal?.addEventListener('abort', onAbort, { once: true });
        if (signal?.aborted) onAbort();
        this.#backOff.reset();
        this.#wake.abort();
      });
    } finally {
      this.#drain = undefined;
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Stops trying. An upload that is under way is stopped where that is still possible. */
  close(): void {
    this.#closed.abort();
    this.#wake.abort();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let segment = this.#queue[0]; segment && !this.#closed.signal.aborted; segment = this.#queue[0]) {
      const failure = await this.#upload(segment);
      if (failure?.reason === 'spool.lost') this.#lost(segment);
      else if (failure) await this.#wait(failure);
      else this.#stored(segment);
    }
    this.#isRunning = false;
  }

  async #upload(segment: SpooledSegment): Promise<TaskError | undefined> {
    this.#uploadBegan = { atMicros: this.#clock.monotonicMicros(), unixMs: this.#clock.unixMs() };
    const bytes = this.#bytesAtHand;
    this.#bytesAtHand = undefined;
    try {
      await this.#slots.use(() =>
        this.#options.store.putFile(segment.key, segment.path, {
          contentType: contentTypeOf(segment.container, segment.hasVideo),
          sha256: segment.sha256,
          unchanging: true,
          bytes,
          signal: this.#closed.signal,
        }),
      );
      // Not after a failure: a connection that is given up may still read it.
      if (bytes) mediaMemory.give(bytes);
      return undefined;
    } catch (error) {
      return toTaskError(error, segment);
    } finally {
      this.#uploadBegan = undefined;
    }
  }

  #lost(segment: SpooledSegment): void {
    this.#queue.shift();
    this.#options.onLost?.(segment);
    if (this.#queue.length === 0) this.#drain?.resolve();
  }

  #stored(segment: SpooledSegment): void {
    this.#queue.shift();
    this.#backOff.reset();
    this.#lastError = undefined;
    if (this.#trouble) {
      this.#trouble = undefined;
      this.#options.onTrouble?.(undefined);
    }
    this.#options.onStored(segment);
    if (this.#queue.length === 0) this.#drain?.resolve();
  }

  async #wait(failure: TaskError): Promise<void> {
    this.#lastError = failure;
    const isNews = this.#trouble?.message !== failure.message;
    this.#trouble = { message: failure.message, sinceUnixMs: this.#trouble?.sinceUnixMs ?? this.#clock.unixMs() };
    if (isNews) this.#options.onTrouble?.(this.#trouble);
    if (!failure.retryable && !this.#drain?.isPatient) this.#drain?.reject(failure);
    const waitMs = failure.retryable ? this.#backOff.nextMs() : mostRetryMs;
    if (this.#wake.signal.aborted && !this.#closed.signal.aborted) this.#wake = new AbortController();
    await this.#sleep(waitMs, this.#wake.signal).catch(() => {});
  }
}

function toTaskError(error: unknown, segment: SpooledSegment): TaskError {
  if (error instanceof StorageError) return storeTaskError(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return new TaskError('spool.lost', `${segment.path} was deleted before it was uploaded.`, 'system', false, {
      cause: error,
    });
  }
  return new TaskError(
    'upload.failed',
    `Uploading ${segment.key} failed: ${(error as Error).message}`,
    'system',
    true,
    {
      cause: error,
    },
  );
}

function tooSlow(store: ObjectStore): TaskError {
  return new TaskError(
    'store.slow',
    `${store.description} took too long to store the last segments.`,
    'destination',
    true,
  );
}
