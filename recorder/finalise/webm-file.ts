/**
 * Makes the finished WebM file (RFC 9559): one header with duration, the clusters of all segments as they are, and cues.
 * Nothing but block headers is looked at, so an hour takes seconds. All sizes are known beforehand from the segments'
 * sizes: the file is written front to back.
 */
import { mediaMemory } from '../../storage/memory-pool.ts';
import { ByteWriter } from '../segment/byte-writer.ts';
import { element, idBytes } from '../segment/ebml.ts';
import { AUDIO_TRACK, VIDEO_TRACK } from '../segment/part-format.ts';
import { WEBM_SEGMENT, webmDocumentHead, webmInfo, webmTracks } from '../segment/webm-segment.ts';
import type { OutputFile } from './output-file.ts';
import type { PlacedSegment } from './placed-segment.ts';
import type { PlannedFile } from './plan-files.ts';
import { type ReadSegment, readSegments } from './read-segments.ts';
import { webmBlocks, webmClusters } from './webm-blocks.ts';

const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
const CUES = 0x1c53bb6b;
/** CuePoint 5 + CueTime 13 + CueTrackPositions 5 (CueTrack 6 + CueClusterPosition 13) */
const CUE_POINT_BYTES = 42;
/** Cues id and size. */
const CUES_HEAD_BYTES = 8;
const VOID_HEAD_BYTES = 5;

export interface FileTimes {
  /** What lies at time 0 of the file. */
  startMs: number;
  durationMs: number;
}

export async function writeWebmFile(
  file: PlannedFile,
  times: FileTimes,
  readSegment: ReadSegment,
  output: OutputFile,
  signal?: AbortSignal,
): Promise<void> {
  const clusterBytes = file.segments.reduce((sum, segment) => sum + segment.sizeBytes - segment.headerBytes, 0);
  const cues = new CueList(file.segments.length);
  const head = segmentHead(file, times, clusterBytes);
  const bodyBytes = head.length + clusterBytes + cues.reservedBytes;
  await output.write(Buffer.concat([webmDocumentHead(), idBytes(WEBM_SEGMENT), size8(bodyBytes), head]));

  const bodyStart = output.positionBytes - head.length;
  const read = (segment: PlacedSegment) => readSegment(segment);
  for await (const { segment, content } of readSegments(file.segments, read, signal)) {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const segmentStart = output.positionBytes - bodyStart - segment.headerBytes;
    let cued = false;
    for (const cluster of webmClusters(segment, bytes)) {
      for (const block of webmBlocks(segment, bytes, cluster)) {
        if (cued || !block.isKeyframe || block.trackNumber !== (file.video ? VIDEO_TRACK : AUDIO_TRACK)) continue;
        cues.add(
          block.timeMs + segment.offsetMicros / 1000 - times.startMs,
          block.trackNumber,
          segmentStart + cluster.position,
        );
        cued = true;
      }
      bytes.writeBigUInt64BE(
        BigInt(Math.max(0, cluster.startMs + segment.offsetMicros / 1000 - times.startMs)),
        cluster.timestampPosition,
      );
    }
    await output.write(bytes.subarray(segment.headerBytes));
    mediaMemory.give(content);
  }
  await output.write(cues.finish());
}

/** What stands between the Segment's size and its first cluster. */
function segmentHead(file: PlannedFile, times: FileTimes, clusterBytes: number): Buffer {
  const info = webmInfo(times.durationMs);
  const entries = [file.video, file.audio].flatMap((track) => (track ? [track.description] : []));
  const tracks = webmTracks(...entries);
  const seekHead = (positions: { info: number; tracks: number; cues: number }) =>
    element(0x114d9b74, seek(INFO, positions.info), seek(TRACKS, positions.tracks), seek(CUES, positions.cues));
  const infoPosition = seekHead({ info: 0, tracks: 0, cues: 0 }).length;
  const tracksPosition = infoPosition + info.length;
  const cuesPosition = tracksPosition + tracks.length + clusterBytes;
  return Buffer.concat([seekHead({ info: infoPosition, tracks: tracksPosition, cues: cuesPosition }), info, tracks]);
}

/** A Seek element whose size does not depend on the position. */
function seek(id: number, position: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(position));
  return element(0x4dbb, element(0x53ab, idBytes(id)), element(0x53ac, bytes));
}

/** An element's size in the 8-byte form. */
function size8(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(2n ** 56n + BigInt(sizeBytes));
  return bytes;
}

/** Cues in a space that was reserved before it was known how many there are: what is left over is Void. */
class CueList {
  readonly reservedBytes: number;
  readonly #out: ByteWriter;
  #count = 0;

  constructor(private readonly maximum: number) {
    this.reservedBytes = CUES_HEAD_BYTES + maximum * CUE_POINT_BYTES;
    this.#out = new ByteWriter(this.reservedBytes);
    this.#out.position = CUES_HEAD_BYTES;
  }

  add(timeMs: number, trackNumber: number, clusterPosition: number): void {
    if (this.#count >= this.maximum) return;
    this.#count += 1;
    const out = this.#out;
    out.u8(0xbb); // CuePoint
    out.u32(0x10000000 + CUE_POINT_BYTES - 5);
    out.u8(0xb3); // CueTime
    out.u32(0x10000008);
    out.u64(Math.max(0, timeMs));
    out.u8(0xb7); // CueTrackPositions
    out.u32(0x10000000 + 19);
    out.u8(0xf7); // CueTrack
    out.u32(0x10000001);
    out.u8(trackNumber);
    out.u8(0xf1); // CueClusterPosition
    out.u32(0x10000008);
    out.u64(clusterPosition);
  }

  finish(): Buffer {
    const out = this.#out;
    const contentBytes = this.#count * CUE_POINT_BYTES;
    out.bytes.writeUInt32BE(CUES, 0);
    out.bytes.writeUInt32BE(0x10000000 + contentBytes, 4);
    const unusedBytes = this.reservedBytes - out.position;
    if (unusedBytes > 0) {
      out.u8(0xec); // Void
      out.u32(0x10000000 + unusedBytes - VOID_HEAD_BYTES);
      out.bytes.fill(0, out.position);
      out.position = this.reservedBytes;
    }
    return out.finish();
  }
}
