/**
 * WebM segments (RFC 9559): EBML header, a Segment of unknown size with Info and Tracks, and Clusters of SimpleBlocks.
 *
 * The header is what `webmHeader` makes; the clusters behind it carry absolute times in milliseconds, so that clusters of
 * later segments can be appended. There are no cues and no duration: the finished file has them.
 */
import { mediaMemory } from '../../storage/memory-pool.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import { ByteWriter } from './byte-writer.ts';
import { element, floatElement, idBytes, textElement, unsignedElement } from './ebml.ts';
import { OPUS_DELAY_MICROS, OPUS_DELAY_SAMPLES } from './opus-delay.ts';
import { AUDIO_TRACK, isVideoCodec, type PartFormat, VIDEO_TRACK } from './part-format.ts';

export const WEBM_SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const CLUSTER_TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
/** Cluster id, its size in 8 bytes, and Timestamp with an 8-byte number. */
const CLUSTER_HEADER_BYTES = 4 + 8 + 10;
/** SimpleBlock id, its size in 4 bytes, track, relative time, flags. */
const BLOCK_HEADER_BYTES = 1 + 4 + 4;
/** Times within a cluster are 16-bit signed milliseconds. */
const CLUSTER_MAXIMUM_MS = 30_000;
const SEEK_PRE_ROLL_NANOS = 80_000_000;

const codecIds: Readonly<Record<string, string>> = {
  vp8: 'V_VP8',
  vp9: 'V_VP9',
  av1: 'V_AV1',
  opus: 'A_OPUS',
};

/** EBML header: this is WebM. */
export function webmDocumentHead(): Buffer {
  return element(
    0x1a45dfa3,
    unsignedElement(0x4286, 1), // EBMLVersion
    unsignedElement(0x42f7, 1), // EBMLReadVersion
    unsignedElement(0x42f2, 4), // EBMLMaxIDLength
    unsignedElement(0x42f3, 8), // EBMLMaxSizeLength
    textElement(0x4282, 'webm'), // DocType
    unsignedElement(0x4287, 4), // DocTypeVersion
    unsignedElement(0x4285, 2), // DocTypeReadVersion
  );
}

/** Info: times are milliseconds. The duration is only known when a recording is over. */
export function webmInfo(durationMs?: number): Buffer {
  return element(
    0x1549a966,
    unsignedElement(0x2ad7b1, 1_000_000), // TimestampScale
    ...(durationMs === undefined ? [] : [floatElement(0x4489, durationMs)]), // Duration
    textElement(0x4d80, 'participant-recorder'), // MuxingApp
    textElement(0x5741, 'participant-recorder'), // WritingApp
  );
}

export function webmTracks(...entries: readonly Uint8Array[]): Buffer {
  return element(0x1654ae6b, ...entries);
}

export function webmHeader(format: PartFormat): Buffer {
  const unknownSize = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  const tracks = webmTracks(...trackEntries(format));
  return Buffer.concat([webmDocumentHead(), idBytes(WEBM_SEGMENT), unknownSize, webmInfo(), tracks]);
}

function trackEntries({ video, audio }: PartFormat): Buffer[] {
  const entries: Buffer[] = [];
  if (video) {
    entries.push(
      element(
        0xae,
        ...commonFields(VIDEO_TRACK, 1, codecIds[video.codec]),
        // CodecPrivate; VP8 and VP9 have none.
        ...(video.codec === 'av1' && video.configuration ? [element(0x63a2, video.configuration)] : []),
        element(0xe0, unsignedElement(0xb0, video.width), unsignedElement(0xba, video.height)),
      ),
    );
  }
  if (audio) {
    entries.push(
      element(
        0xae,
        ...commonFields(AUDIO_TRACK, 2, codecIds[audio.codec]),
        element(0x63a2, opusHead(audio.channels)), // CodecPrivate
        unsignedElement(0x56aa, OPUS_DELAY_MICROS * 1000), // CodecDelay
        unsignedElement(0x56bb, SEEK_PRE_ROLL_NANOS), // SeekPreRoll: what Opus needs to converge
        element(0xe1, floatElement(0xb5, 48_000), unsignedElement(0x9f, audio.channels)),
      ),
    );
  }
  return entries;
}

function commonFields(trackNumber: number, type: number, codecId: string | undefined): Buffer[] {
  if (!codecId) throw new Error('This codec does not go into WebM.');
  return [
    unsignedElement(0xd7, trackNumber),
    unsignedElement(0x73c5, trackNumber), // TrackUID
    unsignedElement(0x83, type),
    unsignedElement(0x9c, 0), // FlagLacing
    textElement(0x86, codecId),
  ];
}

/** RFC 7845 section 5.1. */
function opusHead(channels: number): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(channels, 9);
  head.writeUInt16LE(OPUS_DELAY_SAMPLES, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

/** @param frames in order of time, at least one. */
export function webmSegment(header: Uint8Array, frames: readonly TimedFrame[]): Buffer {
  const clusters = splitIntoClusters(frames);
  let sizeBytes = header.length;
  for (const cluster of clusters) sizeBytes += CLUSTER_HEADER_BYTES + cluster.contentBytes;

  const out = new ByteWriter(sizeBytes, mediaMemory.take(sizeBytes));
  out.data(header);
  for (const cluster of clusters) {
    out.u32(CLUSTER);
    writeSize8(out, 10 + cluster.contentBytes);
    out.u8(CLUSTER_TIMESTAMP);
    out.u8(0x88);
    out.u64(cluster.startMs);
    for (const frame of cluster.frames) {
      out.u8(SIMPLE_BLOCK);
      out.u32(0x10000000 + 4 + frame.data.length);
      const isVideo = isVideoCodec(frame.codec);
      out.u8(0x80 | (isVideo ? VIDEO_TRACK : AUDIO_TRACK));
      out.u16(toMs(frame) - cluster.startMs);
      out.u8(!isVideo || frame.isKeyframe ? 0x80 : 0);
      out.data(frame.data);
    }
  }
  return out.finish();
}

interface Cluster {
  startMs: number;
  contentBytes: number;
  frames: TimedFrame[];
}

function splitIntoClusters(frames: readonly TimedFrame[]): Cluster[] {
  const clusters: Cluster[] = [];
  let cluster: Cluster | undefined;
  for (const frame of frames) {
    const startMs = toMs(frame);
    if (!cluster || startMs - cluster.startMs > CLUSTER_MAXIMUM_MS) {
      cluster = { startMs, contentBytes: 0, frames: [] };
      clusters.push(cluster);
    }
    cluster.contentBytes += BLOCK_HEADER_BYTES + frame.data.length;
    cluster.frames.push(frame);
  }
  return clusters;
}

function toMs(frame: TimedFrame): number {
  return Math.round(frame.presentationMicros / 1000);
}

/** A size in the 8-byte form. */
function writeSize8(out: ByteWriter, sizeBytes: number): void {
  out.u32(0x01000000 + Math.floor(sizeBytes / 2 ** 32));
  out.u32(sizeBytes % 2 ** 32);
}
