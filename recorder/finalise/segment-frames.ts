/**
 * Takes a segment apart into frames, and puts frames together into a segment of the same kind: for the few segments where two
 * attempts meet. All others are copied without a look at their frames.
 */
import type { Codec, StoredSegment } from '../contract/media.ts';
import { mp4Segment } from '../segment/mp4-segment.ts';
import { isVideoCodec, VIDEO_TRACK } from '../segment/part-format.ts';
import { webmSegment } from '../segment/webm-segment.ts';
import { frameDuration } from '../timeline/frame-duration.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import { mp4Fragment, mp4SampleDescriptions } from './mp4-samples.ts';
import { webmBlocks, webmClusters } from './webm-blocks.ts';

const SAMPLE_BYTES = 12;
const NON_SYNC_FLAG = 0x00010000;
/** Video is not looked into, so which codec it is does not matter here. */
const SOME_VIDEO: Codec = 'vp8';
const audioCodecs: Readonly<Record<string, Codec>> = { Opus: 'opus', ulaw: 'pcmu', alaw: 'pcma' };

/** In order of time, on the clock of the segment's attempt. */
export function framesOf(segment: StoredSegment, bytes: Buffer): TimedFrame[] {
  const frames = segment.container === 'webm' ? webmFrames(segment, bytes) : mp4Frames(segment, bytes);
  return frames.sort((a, b) => a.presentationMicros - b.presentationMicros);
}

/** @param frames at least one, in order of time. */
export function withFrames<Kind extends StoredSegment>(
  segment: Kind,
  bytes: Buffer,
  frames: readonly TimedFrame[],
): { segment: Kind; bytes: Buffer } {
  const header = bytes.subarray(0, segment.headerBytes);
  const made =
    segment.container === 'webm' ? webmSegment(header, frames) : mp4Segment(header, frames, segment.sequence);
  const endMicros = Math.max(...frames.map((frame) => frame.presentationMicros + (frameDuration(frame) ?? 0)));
  const startMicros = frames[0]?.presentationMicros ?? segment.startMicros;
  return { segment: { ...segment, sizeBytes: made.length, startMicros, endMicros }, bytes: made };
}

export function hasSound(frames: readonly TimedFrame[]): boolean {
  return frames.some((frame) => !isVideoCodec(frame.codec));
}

function webmFrames(segment: StoredSegment, bytes: Buffer): TimedFrame[] {
  const frames: TimedFrame[] = [];
  for (const cluster of webmClusters(segment, bytes)) {
    for (const block of webmBlocks(segment, bytes, cluster)) {
      const codec = block.trackNumber === VIDEO_TRACK ? SOME_VIDEO : 'opus';
      const data = bytes.subarray(block.dataStart, block.dataEnd);
      frames.push(frameOf(codec, block.timeMs * 1000, data, block.isKeyframe));
    }
  }
  return frames;
}

function mp4Frames(segment: StoredSegment, bytes: Buffer): TimedFrame[] {
  const descriptions = mp4SampleDescriptions(segment, bytes.subarray(0, segment.headerBytes));
  const fragment = mp4Fragment(segment, bytes.subarray(segment.headerBytes));
  const frames: TimedFrame[] = [];
  let position = fragment.dataStart;
  for (const track of fragment.tracks) {
    const name = descriptions.get(track.trackNumber)?.toString('latin1', 20, 24) ?? '';
    const codec = track.trackNumber === VIDEO_TRACK ? SOME_VIDEO : (audioCodecs[name] ?? 'opus');
    let timeMicros = track.startMicros;
    for (let index = 0; index < track.sampleCount; index += 1) {
      const sample = track.samplesPosition + index * SAMPLE_BYTES;
      const sizeBytes = track.bytes.readUInt32BE(sample + 4);
      const isKeyframe = (track.bytes.readUInt32BE(sample + 8) & NON_SYNC_FLAG) === 0;
      frames.push(frameOf(codec, timeMicros, bytes.subarray(position, position + sizeBytes), isKeyframe));
      timeMicros += track.bytes.readUInt32BE(sample);
      position += sizeBytes;
    }
  }
  return frames;
}

function frameOf(codec: Codec, presentationMicros: number, data: Buffer, isKeyframe: boolean): TimedFrame {
  return {
    trackSid: codec,
    codec,
    presentationMicros,
    rtpTimestamp: 0,
    data,
    isKeyframe,
    afterLoss: false,
    receivedAtMicros: presentationMicros,
  };
}
