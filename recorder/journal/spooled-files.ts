/**
 * The segment files of one journal that are on disk: how many bytes they take, and which of them may be deleted because the store has them
 * as well. Whatever the length of the recording these are a few numbers of each medium: segments get into the store in order, so
 * what may go lies between the last one that went and the last one stored. One in between that never got into the store
 * was lost: nothing waits for its file.
 */
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { containerSchema, type Medium, type StoredSegment } from '../contract/media.ts';
import { segmentFileName } from './segment-name.ts';
import type { FreeableFiles, SpoolSpace } from './spool-space.ts';

type CountedSegment = Pick<StoredSegment, 'medium' | 'sequence' | 'sizeBytes'>;

/** Sequences, both the last of their kind. */
interface Reached {
  freed: number;
  stored: number;
}

export class SpooledFiles implements FreeableFiles {
  readonly #folder: string;
  readonly #space: SpoolSpace;
  readonly #media = new Map<Medium, Reached>();
  #bytes = 0;
  #freeableBytes = 0;

  constructor(folder: string, space: SpoolSpace) {
    this.#folder = folder;
    this.#space = space;
    space.add(this);
  }

  get freeableBytes(): number {
    return this.#freeableBytes;
  }

  /** Makes room for a file that is about to be written. */
  async claim(sizeBytes: number): Promise<void> {
    await this.#space.claim(sizeBytes);
    this.#bytes += sizeBytes;
  }

  /** That file was not written. */
  unclaim(sizeBytes: number): void {
    this.#bytes -= sizeBytes;
    this.#space.release(sizeBytes);
  }

  /** Its file was found on disk. In order of sequence. */
  adopt(segment: CountedSegment, isStored: boolean): void {
    this.#bytes += segment.sizeBytes;
    this.#space.adopt(segment.sizeBytes);
    const reached = this.#reached(segment);
    if (isStored) this.#store(reached, segment);
  }

  /** The store has it. False when that is known already. */
  stored(segment: CountedSegment): boolean {
    const reached = this.#reached(segment);
    if (segment.sequence <= reached.stored) return false;
    this.#store(reached, segment);
    return true;
  }

  async freeOldest(): Promise<void> {
    for (let file = this.#nextToFree(); file; file = this.#nextToFree()) {
      const sizeBytes = await this.#delete(file.medium, file.sequence);
      if (sizeBytes > 0) {
        this.#gone(sizeBytes);
        return;
      }
    }
    // What is left in the books was deleted by somebody else.
    this.#gone(this.#freeableBytes);
  }

  /** The folder is gone. */
  removed(): void {
    this.#space.forget(this);
    this.#space.release(this.#bytes);
    this.#bytes = 0;
    this.#freeableBytes = 0;
  }

  #reached({ medium, sequence }: CountedSegment): Reached {
    const reached = this.#media.get(medium) ?? { freed: sequence - 1, stored: sequence - 1 };
    this.#media.set(medium, reached);
    return reached;
  }

  #store(reached: Reached, { sequence, sizeBytes }: CountedSegment): void {
    reached.stored = sequence;
    this.#freeableBytes += sizeBytes;
  }

  #nextToFree(): { medium: Medium; sequence: number } | undefined {
    let next: { medium: Medium; reached: Reached } | undefined;
    for (const [medium, reached] of this.#media) {
      if (reached.freed >= reached.stored) continue;
      if (!next || reached.freed < next.reached.freed) next = { medium, reached };
    }
    if (!next) return undefined;
    next.reached.freed += 1;
    return { medium: next.medium, sequence: next.reached.freed };
  }

  /** @returns how large it was; 0: it was not there */
  async #delete(medium: Medium, sequence: number): Promise<number> {
    for (const container of containerSchema.options) {
      const path = join(this.#folder, segmentFileName({ medium, sequence, container }));
      const file = await stat(path).catch(unlessGone);
      if (!file) continue;
      await unlink(path).catch(unlessGone);
      return file.size;
    }
    return 0;
  }

  #gone(sizeBytes: number): void {
    const bytes = Math.min(sizeBytes, this.#bytes);
    this.#bytes -= bytes;
    this.#freeableBytes = Math.max(0, this.#freeableBytes - bytes);
    this.#space.release(bytes);
  }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
