/**
 * The sample table of one track of a finished MP4 file (ISO/IEC 14496-12 sections 8.6 and 8.7), gathered sample by
 * sample. Times are microseconds, the file's timescale.
 */
import { box, fullBox, uint32 } from '../segment/mp4-boxes.ts';

/** A sample whose successor does not come later still takes this long. */
const SHORTEST_MICROS = 1;

export class Mp4SampleTable {
  /** Time of the first sample. */
  startMicros: number | undefined;
  /** Sum of all durations. */
  durationMicros = 0;
  readonly #sizes: number[] = [];
  readonly #keyframes: number[] = [];
  /** Runs of equal durations. */
  readonly #durationCounts: number[] = [];
  readonly #durations: number[] = [];
  readonly #chunkOffsets: number[] = [];
  /** Runs of chunks with equally many samples: first chunk (from 1), samples. */
  readonly #chunkRuns: { first: number; samples: number }[] = [];
  #chunkSamples = 0;
  #pending: { timeMicros: number; durationMicros: number } | undefined;

  /** What follows, up to the next chunk, lies in one piece. @param offset from the start of the media data */
  beginChunk(offset: number): void {
    this.#endChunk();
    this.#chunkOffsets.push(offset);
  }

  /** @param durationMicros how long it takes if it is the last one; else the next one's time says */
  add(timeMicros: number, durationMicros: number, sizeBytes: number, isKeyframe: boolean): void {
    this.#settle(timeMicros);
    this.startMicros ??= timeMicros;
    this.#pending = { timeMicros, durationMicros };
    this.#sizes.push(sizeBytes);
    this.#chunkSamples += 1;
    if (isKeyframe) this.#keyframes.push(this.#sizes.length);
  }

  finish(): void {
    this.#endChunk();
    const pending = this.#pending;
    if (pending) this.#settle(pending.timeMicros + pending.durationMicros);
    this.#pending = undefined;
  }

  /** @param description `stsd`, whole. @param dataOffset where the media data begins in the file */
  toBox(description: Buffer, dataOffset: number): Buffer {
    const allAreKeyframes = this.#keyframes.length === this.#sizes.length;
    return box(
      'stbl',
      description,
      fullBox('stts', 0, 0, uint32(this.#durations.length), pairs(this.#durationCounts, this.#durations)),
      ...(allAreKeyframes ? [] : [fullBox('stss', 0, 0, uint32(this.#keyframes.length), table(this.#keyframes))]),
      fullBox('stsc', 0, 0, uint32(this.#chunkRuns.length), this.#chunkTable()),
      fullBox('stsz', 0, 0, uint32(0, this.#sizes.length), table(this.#sizes)),
      fullBox('co64', 0, 0, uint32(this.#chunkOffsets.length), offsets(this.#chunkOffsets, dataOffset)),
    );
  }

  #settle(nextMicros: number): void {
    if (!this.#pending) return;
    // From where the samples before have got to, so that one that lies before its predecessor shifts only itself.
    const reachedMicros = (this.startMicros ?? 0) + this.durationMicros;
    const durationMicros = Math.max(SHORTEST_MICROS, nextMicros - reachedMicros);
    this.durationMicros += durationMicros;
    const last = this.#durations.length - 1;
    if (this.#durations[last] === durationMicros) {
      this.#durationCounts[last] = (this.#durationCounts[last] ?? 0) + 1;
    } else {
      this.#durations.push(durationMicros);
      this.#durationCounts.push(1);
    }
  }

  #endChunk(): void {
    if (this.#chunkSamples === 0) return;
    if (this.#chunkRuns.at(-1)?.samples !== this.#chunkSamples) {
      this.#chunkRuns.push({ first: this.#chunkOffsets.length, samples: this.#chunkSamples });
    }
    this.#chunkSamples = 0;
  }

  #chunkTable(): Buffer {
    const bytes = Buffer.alloc(this.#chunkRuns.length * 12);
    for (const [index, run] of this.#chunkRuns.entries()) {
      bytes.writeUInt32BE(run.first, index * 12);
      bytes.writeUInt32BE(run.samples, index * 12 + 4);
      bytes.writeUInt32BE(1, index * 12 + 8); // sample description
    }
    return bytes;
  }
}

function table(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (let index = 0; index < values.length; index += 1) bytes.writeUInt32BE(values[index] ?? 0, index * 4);
  return bytes;
}

function pairs(one: readonly number[], other: readonly number[]): Buffer {
  const bytes = Buffer.alloc(one.length * 8);
  for (let index = 0; index < one.length; index += 1) {
    bytes.writeUInt32BE(one[index] ?? 0, index * 8);
    bytes.writeUInt32BE(other[index] ?? 0, index * 8 + 4);
  }
  return bytes;
}

function offsets(values: readonly number[], base: number): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(base + value), index * 8);
  return bytes;
}
