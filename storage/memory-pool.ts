/**
 * Memory for media that is used again. Blocks that are left to the garbage collector make it mark the whole heap each time some
 * 64 MB of them have gathered: with 25 recordings twice a second, which was a third of the main thread.
 *
 * In: sizes, and memory that is no longer needed. Out: memory of exactly that size, with anything in it. Who takes memory may also
 * forget it: then it goes the way of all garbage.
 */

/** Sizes are rounded up to this, so that segments of one recording fit into each other's places. */
const STEP_BYTES = 64 * 1024;
/** What waits to be used again is bounded: a burst must not stay for ever. Enough for the segments of 100 recordings under way. */
const IDLE_MAXIMUM_BYTES = 32 * 1024 * 1024;

export class MemoryPool {
  /** By size; the block used last is the warmest. */
  readonly #idle = new Map<number, ArrayBufferLike[]>();
  /** Only what came from here may be handed out again, and only once. */
  readonly #taken = new WeakSet<ArrayBufferLike>();
  #idleBytes = 0;

  take(sizeBytes: number): Buffer {
    const blockBytes = Math.max(1, Math.ceil(sizeBytes / STEP_BYTES)) * STEP_BYTES;
    let block = this.#idle.get(blockBytes)?.pop();
    if (block) this.#idleBytes -= blockBytes;
    else block = Buffer.allocUnsafeSlow(blockBytes).buffer;
    this.#taken.add(block);
    return Buffer.from(block, 0, sizeBytes);
  }

  /** The caller and everybody it gave the memory to are done with it. Memory that is not from here is left alone. */
  give({ buffer: block }: Uint8Array): void {
    if (!this.#taken.delete(block) || this.#idleBytes + block.byteLength > IDLE_MAXIMUM_BYTES) return;
    const blocks = this.#idle.get(block.byteLength);
    if (blocks) blocks.push(block);
    else this.#idle.set(block.byteLength, [block]);
    this.#idleBytes += block.byteLength;
  }
}

/** The one of this process. */
export const mediaMemory = new MemoryPool();
