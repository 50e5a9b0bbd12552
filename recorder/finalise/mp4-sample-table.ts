/**
 * The sample table of one track of a finished MP4 file (ISO/IEC 14496-12 sections 8.6 and 8.7), gathered sample by
 * sample. In: microseconds. Takes what the tables take in the file: some 12 bytes a sample.
 */
import { boxPieces, fullBoxPieces, uint32 } from '../segment/mp4-boxes.ts';
import { Uint32Table } from './uint32-table.ts';

/** A sample whose successor does not come later still takes this long. */
const SHORTEST_TICKS = 1;

export class Mp4SampleTable {
  /** Time of the first sample. */
  startMicros: number | undefined;
  /** Sum of all durations. */
  durationTicks = 0;
  readonly #tickMicros: number;
  readonly #sizes = new Uint32Table();
  readonly #keyframes = new Uint32Table();
  /** Runs of equal durations: samples, duration. The last one may go on. */
  readonly #durations = new Uint32Table();
  #run = { samples: 0, durationTicks: 0 };
  readonly #chunkOffsets: number[] = [];
  /** Runs of chunks with equally many samples: first chunk (from 1), samples, sample description. */
  readonly #chunkRuns = new Uint32Table();
  #lastChunkSamples = 0;
  #chunkSamples = 0;
  #pending: { timeMicros: number; durationMicros: number } | undefined;

  /** @param tickMicros of the track's timescale; coarse enough that the longest hole is a duration of 32 bits */
  constructor(tickMicros: number) {
    this.#tickMicros = tickMicros;
  }

  get durationMicros(): number {
    return this.durationTicks * this.#tickMicros;
  }

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
    this.#endRun();
  }

  /** In pieces. @param description `stsd`, whole. @param dataOffset where the media data begins in the file */
  toBox(description: Buffer, dataOffset: number): Uint8Array[] {
    const sizes = this.#sizes;
    const allAreKeyframes = this.#keyframes.length === sizes.length;
    const table = (type: string, entries: number, pieces: readonly Uint8Array[]) =>
      fullBoxPieces(type, 0, 0, uint32(entries), ...pieces);
    return boxPieces(
      'stbl',
      description,
      ...table('stts', this.#durations.length / 2, this.#durations.pieces),
      ...(allAreKeyframes ? [] : table('stss', this.#keyframes.length, this.#keyframes.pieces)),
      ...table('stsc', this.#chunkRuns.length / 3, this.#chunkRuns.pieces),
      // Their size, if they had all the same.
      ...table('stsz', 0, [uint32(sizes.length), ...sizes.pieces]),
      ...table('co64', this.#chunkOffsets.length, [offsets(this.#chunkOffsets, dataOffset)]),
    );
  }

  #settle(nextMicros: number): void {
    if (!this.#pending) return;
    // From where the samples before have got to, so that one that lies before its predecessor shifts only itself, and nothing adds up.
    const nextTicks = Math.round((nextMicros - (this.startMicros ?? 0)) / this.#tickMicros);
    const durationTicks = Math.max(SHORTEST_TICKS, nextTicks - this.durationTicks);
    this.durationTicks += durationTicks;
    if (this.#run.durationTicks !== durationTicks) this.#endRun();
    this.#run.durationTicks = durationTicks;
    this.#run.samples += 1;
  }

  #endRun(): void {
    if (this.#run.samples === 0) return;
    this.#durations.push(this.#run.samples);
    this.#durations.push(this.#run.durationTicks);
    this.#run = { samples: 0, durationTicks: 0 };
  }

  #endChunk(): void {
    if (this.#chunkSamples === 0) return;
    if (this.#lastChunkSamples !== this.#chunkSamples) {
      this.#chunkRuns.push(this.#chunkOffsets.length);
      this.#chunkRuns.push(this.#chunkSamples);
      this.#chunkRuns.push(1);
      this.#lastChunkSamples = this.#chunkSamples;
    }
    this.#chunkSamples = 0;
  }
}

function offsets(values: readonly number[], base: number): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(base + value), index * 8);
  return bytes;
}
