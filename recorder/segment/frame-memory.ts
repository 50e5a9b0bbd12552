/**
 * Where the bytes of frames lie until their segment is written. In: frames' bytes, whatever memory they came in. Out: the same
 * bytes in memory of the pool, until `giveBack()`. So what came from the network is garbage at once, which costs next to nothing;
 * what lives as long as a segment is open would cost a marking of the whole heap.
 */
import { mediaMemory } from '../../storage/memory-pool.ts';

/** Some frames of 2 Mbps. */
const BLOCK_BYTES = 64 * 1024;

export class FrameMemory {
  readonly #blocks: Buffer[] = [];
  #free: Buffer = Buffer.alloc(0);

  keep(data: Uint8Array): Uint8Array {
    if (data.length > this.#free.length) {
      this.#free = mediaMemory.take(Math.max(BLOCK_BYTES, data.length));
      this.#blocks.push(this.#free);
    }
    const kept = this.#free.subarray(0, data.length);
    kept.set(data);
    this.#free = this.#free.subarray(data.length);
    return kept;
  }

  /** Nothing that was kept is read any more. */
  giveBack(): void {
    for (const block of this.#blocks) mediaMemory.give(block);
    this.#blocks.length = 0;
    this.#free = Buffer.alloc(0);
  }
}
