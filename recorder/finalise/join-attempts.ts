/**
 * Puts the segments of several attempts on the recording's one clock, so that they become one file.
 *
 * In:  the attempts in order, each with its offset, and a way to read segments.
 * Out: the segments in their places, and a way to read them.
 * Dropped: frames of an attempt from the beginning of the next one that has media of that medium on; both had recorded
 *      them, or one of them did not know yet that it was replaced.
 *
 * Where two attempts meet, a hole in the sound is filled with silence, as within an attempt (continuous-sound.ts). For both, a
 * few segments are made anew in memory; all others stay as they are, and their offset is added when they are copied.
 */
import type { JoinManifest } from '../contract/join-manifest.ts';
import { mediumSchema, type StoredSegment } from '../contract/media.ts';
import { ContinuousSound } from '../segment/continuous-sound.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import type { PlacedSegment } from './placed-segment.ts';
import type { ReadSegment } from './read-segments.ts';
import { framesOf, hasSound, withFrames } from './segment-frames.ts';

/** The sound of an attempt begins within its first segments, or it has none. */
const SEGMENTS_TO_FIND_SOUND = 5;

export interface JoinedAttempts {
  segments: PlacedSegment[];
  readSegment: ReadSegment;
}

export async function joinAttempts(manifest: JoinManifest, readSegment: ReadSegment): Promise<JoinedAttempts> {
  const seams = new Seams(readSegment);
  const segments: PlacedSegment[] = [];
  for (const medium of mediumSchema.options) {
    const attempts = manifest.attempts
      .map((attempt, index) => place(attempt.segments, attempt.offsetMicros, index))
      .map((placed) => placed.filter((segment) => segment.medium === medium))
      .filter((placed) => placed.length > 0);
    let joined: PlacedSegment[] = [];
    for (const [index, attempt] of attempts.entries()) {
      const kept = await seams.cut(attempt, attempts[index + 1]?.[0]?.startMicros);
      const last = joined.at(-1);
      joined = joined.concat(last ? await seams.fillBetween(last, kept) : kept);
    }
    segments.push(...joined);
  }
  return { segments, readSegment: seams.read };
}

function place(segments: readonly StoredSegment[], offsetMicros: number, attempt: number): PlacedSegment[] {
  // What both containers can say.
  const offset = Math.round(offsetMicros / 1000) * 1000;
  return segments
    .map((segment) => ({
      ...segment,
      attempt,
      offsetMicros: offset,
      startMicros: segment.startMicros + offset,
      endMicros: segment.endMicros + offset,
    }))
    .sort((a, b) => a.part - b.part || a.sequence - b.sequence);
}

class Seams {
  readonly #readSegment: ReadSegment;
  /** Segments that were made anew, by key. */
  readonly #made = new Map<string, Buffer>();

  constructor(readSegment: ReadSegment) {
    this.#readSegment = readSegment;
  }

  readonly read: ReadSegment = async (segment, range) => {
    const made = this.#made.get(segment.key);
    if (!made) return this.#readSegment(segment, range);
    // Whoever reads may change the bytes.
    return Buffer.from(range ? made.subarray(range.startByte, range.endByte + 1) : made);
  };

  /** Without the frames at and after this time. */
  async cut(segments: readonly PlacedSegment[], endMicros: number | undefined): Promise<PlacedSegment[]> {
    if (endMicros === undefined) return [...segments];
    const kept: PlacedSegment[] = [];
    for (const segment of segments) {
      if (segment.endMicros <= endMicros) kept.push(segment);
      else if (segment.startMicros < endMicros) {
        const frames = await this.#frames(segment);
        const before = frames.filter((frame) => frame.presentationMicros < endMicros);
        if (before.length === frames.length) kept.push(segment);
        else if (before.length > 0) kept.push(await this.#make(segment, before));
      }
    }
    return kept;
  }

  /** The segments of the next attempt, the first of them with the silence since the last one before. */
  async fillBetween(last: PlacedSegment, segments: readonly PlacedSegment[]): Promise<PlacedSegment[]> {
    const sound = new ContinuousSound();
    sound.fill(await this.#frames(last));
    const filled = [...segments];
    for (const [index, segment] of segments.slice(0, SEGMENTS_TO_FIND_SOUND).entries()) {
      const frames = await this.#frames(segment);
      const continuous = sound.fill(frames);
      if (continuous.length > frames.length) filled[index] = await this.#make(segment, continuous);
      if (hasSound(frames)) break;
    }
    return filled;
  }

  /** On the recording's clock. */
  async #frames(segment: PlacedSegment): Promise<TimedFrame[]> {
    const frames = framesOf(segment, await this.#whole(segment));
    for (const frame of frames) frame.presentationMicros += segment.offsetMicros;
    return frames;
  }

  async #make(segment: PlacedSegment, frames: TimedFrame[]): Promise<PlacedSegment> {
    const made = withFrames(segment, await this.#whole(segment), frames);
    this.#made.set(segment.key, made.bytes);
    return { ...made.segment, offsetMicros: 0 };
  }

  async #whole(segment: PlacedSegment): Promise<Buffer> {
    const bytes = await this.read(segment);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
