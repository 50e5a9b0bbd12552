/**
 * What becomes of the segments of a recording once they are closed: journal, then upload. Holds the bound on memory
 * between the network and a disk that is too slow, and what is stored and not yet told. What was told is in the journal only.
 */
import type { Logger } from 'pino';
import { mediaMemory } from '../storage/memory-pool.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Clock } from './clock.ts';
import type { StoredSegment } from './contract/media.ts';
import type { LiveStats } from './contract/report.ts';
import type { JournalFacts } from './journal/journal-log.ts';
import type { RecordingJournal } from './journal/recording-journal.ts';
import type { Segment } from './segment/segment.ts';
import { SegmentUploader } from './upload/segment-uploader.ts';

/** Segments that wait for the disk: a minute at 2 Mbps. Beyond it frames are dropped. */
const UNWRITTEN_MAXIMUM_BYTES = 16_000_000;

export interface CapturedSegmentsOptions {
  journal: RecordingJournal;
  store: ObjectStore;
  clock: Clock;
  log: Pick<Logger, 'warn'>;
  /** As they stand now, to be kept with the segment. */
  facts(): JournalFacts;
  /** Something is in the store, or uploads began or ceased to fail. */
  onChange(): void;
  /** The disk refused; nothing more can be kept. */
  onFailure(error: unknown): void;
}

export class CapturedSegments {
  /** In the store and not acknowledged, in the order they came there. */
  readonly stored: StoredSegment[] = [];
  readonly uploader: SegmentUploader;
  sizeBytes = 0;
  #unwritten = { count: 0, bytes: 0 };
  #writing: Promise<void> = Promise.resolve();
  #failed = false;
  #finishTrouble: LiveStats['uploadTrouble'];

  constructor(private readonly options: CapturedSegmentsOptions) {
    const { store, clock, journal, log, onChange } = options;
    this.uploader = new SegmentUploader({
      store,
      clock,
      onStored: (segment) => {
        journal.markStored(segment);
        const { path: _, ...stored } = segment;
        this.stored.push(stored);
        onChange();
      },
      onLost: (segment) => {
        const { key, path } = segment;
        log.warn({ key, path }, 'segment.lost: its file was deleted before it was uploaded');
        journal.markLost(segment).catch((error: unknown) => log.warn({ error, key }, 'journal.not-marked'));
        onChange();
      },
      onTrouble: onChange,
    });
  }

  /** The disk does not keep up: what comes now must be dropped. */
  get isFull(): boolean {
    return this.#failed || this.#unwritten.bytes > UNWRITTEN_MAXIMUM_BYTES;
  }

  /** The first so many of `stored` need not be told again. */
  acknowledged(count: number): void {
    this.stored.splice(0, count);
  }

  get pending(): number {
    return this.#unwritten.count + this.uploader.pending;
  }

  get trouble(): LiveStats['uploadTrouble'] {
    return this.uploader.trouble ?? this.#finishTrouble;
  }

  /** Segments get into the store, the finished file does not; undefined: it is tried again. */
  noteFinishTrouble(message: string | undefined): void {
    const { clock, onChange } = this.options;
    this.#finishTrouble =
      message === undefined ? undefined : { message, sinceUnixMs: this.#finishTrouble?.sinceUnixMs ?? clock.unixMs() };
    onChange();
  }

  add(segment: Segment): void {
    if (this.#failed) return;
    const { journal, facts } = this.options;
    this.#unwritten.count += 1;
    this.#unwritten.bytes += segment.bytes.length;
    this.sizeBytes += segment.bytes.length;
    journal.noteFacts(facts());
    // The journal writes one after the other, so the last one done is all done.
    this.#writing = this.#write(segment);
  }

  /** Resolves when everything added is on disk, or cannot be. */
  written(): Promise<void> {
    return this.#writing;
  }

  async #write(segment: Segment): Promise<void> {
    try {
      this.uploader.enqueue(await this.options.journal.append(segment), segment.bytes);
    } catch (error) {
      mediaMemory.give(segment.bytes);
      if (!this.#failed) this.options.onFailure(error);
      this.#failed = true;
    } finally {
      this.#unwritten.count -= 1;
      this.#unwritten.bytes -= segment.bytes.length;
    }
  }
}
