/**
 * Fragmented MP4 segments (ISO/IEC 14496-12 section 8.8): the header, then one `moof` and its `mdat`. Decode times are
 * absolute (`tfdt`) and fragment numbers grow, so that fragments of later segments can be appended.
 */
import { mediaMemory } from '../../storage/memory-pool.ts';
import { frameDuration } from '../timeline/frame-duration.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import { ByteWriter } from './byte-writer.ts';
import { AUDIO_TRACK, isVideoCodec, VIDEO_TRACK } from './part-format.ts';

const BOX_BYTES = 8;
const FRAGMENT_HEADER_BYTES = BOX_BYTES + 8;
/** `traf`, `tfhd`, `tfdt` of version 1, and `trun` without its samples. */
const TRACK_FRAGMENT_BYTES = BOX_BYTES + (BOX_BYTES + 8) + (BOX_BYTES + 12) + (BOX_BYTES + 12);
const SAMPLE_BYTES = 12;
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** data offset; duration, size and flags of each sample */
const TRUN_FIELDS = 0x000001 | 0x000100 | 0x000200 | 0x000400;
/** Depends on no other sample. */
const SYNC_SAMPLE = 0x02000000;
/** Depends on others, is no sync sample. */
const DELTA_SAMPLE = 0x01010000;
const USUAL_VIDEO_MICROS = 33_333;
const LAST_VIDEO_MAXIMUM_MICROS = 200_000;

/**
 * @param frames in order of time, at least one.
 * @param fragment grows from segment to segment.
 */
export function mp4Segment(header: Uint8Array, frames: readonly TimedFrame[], fragment: number): Buffer {
  const tracks = [
    { id: VIDEO_TRACK, frames: frames.filter((frame) => isVideoCodec(frame.codec)) },
    { id: AUDIO_TRACK, frames: frames.filter((frame) => !isVideoCodec(frame.codec)) },
  ].filter((track) => track.frames.length > 0);

  let fragmentBytes = BOX_BYTES + FRAGMENT_HEADER_BYTES;
  let mediaBytes = BOX_BYTES;
  for (const track of tracks) {
    fragmentBytes += TRACK_FRAGMENT_BYTES + track.frames.length * SAMPLE_BYTES;
    for (const frame of track.frames) mediaBytes += frame.data.length;
  }

  const sizeBytes = header.length + fragmentBytes + mediaBytes;
  const out = new ByteWriter(sizeBytes, mediaMemory.take(sizeBytes));
  out.data(header);
  boxHead(out, fragmentBytes, 'moof');
  boxHead(out, FRAGMENT_HEADER_BYTES, 'mfhd');
  out.u32(0);
  out.u32(fragment);
  let dataOffset = fragmentBytes + BOX_BYTES;
  for (const track of tracks) {
    writeTrackFragment(out, track.id, track.frames, dataOffset);
    for (const frame of track.frames) dataOffset += frame.data.length;
  }
  boxHead(out, mediaBytes, 'mdat');
  for (const track of tracks) for (const frame of track.frames) out.data(frame.data);
  return out.finish();
}

function writeTrackFragment(out: ByteWriter, id: number, frames: readonly TimedFrame[], dataOffset: number): void {
  boxHead(out, TRACK_FRAGMENT_BYTES + frames.length * SAMPLE_BYTES, 'traf');
  boxHead(out, BOX_BYTES + 8, 'tfhd');
  out.u32(DEFAULT_BASE_IS_MOOF);
  out.u32(id);
  boxHead(out, BOX_BYTES + 12, 'tfdt');
  out.u32(0x01000000); // version 1: 64-bit time
  out.u64(frames[0]?.presentationMicros ?? 0);
  boxHead(out, BOX_BYTES + 12 + frames.length * SAMPLE_BYTES, 'trun');
  out.u32(TRUN_FIELDS);
  out.u32(frames.length);
  out.u32(dataOffset);
  for (const [index, frame] of frames.entries()) {
    const next = frames[index + 1];
    out.u32(next ? next.presentationMicros - frame.presentationMicros : lastDuration(frame, frames[index - 1]));
    out.u32(frame.data.length);
    out.u32(frame.isKeyframe || !isVideoCodec(frame.codec) ? SYNC_SAMPLE : DELTA_SAMPLE);
  }
}

/** The next segment starts at its own time, whatever is said here. */
function lastDuration(frame: TimedFrame, previous: TimedFrame | undefined): number {
  const known = frameDuration(frame);
  if (known !== undefined) return known;
  const interval = previous ? frame.presentationMicros - previous.presentationMicros : USUAL_VIDEO_MICROS;
  return Math.min(interval, LAST_VIDEO_MAXIMUM_MICROS);
}

function boxHead(out: ByteWriter, sizeBytes: number, type: string): void {
  out.u32(sizeBytes);
  out.ascii(type);
}
