/** Reads what `segment/webm-segment.ts` writes: that layout, not WebM in general. */
import type { StoredSegment } from '../contract/media.ts';
import { damagedSegment } from './damaged-segment.ts';

const CLUSTER = 0x1f43b675;
const CLUSTER_TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const CLUSTER_HEADER_BYTES = 22;
const BLOCK_HEADER_BYTES = 9;

export interface WebmCluster {
  /** Position of the cluster in the segment's bytes. */
  position: number;
  endPosition: number;
  startMs: number;
  /** Where its 8-byte time is written. */
  timestampPosition: number;
}

export interface WebmBlock {
  trackNumber: number;
  timeMs: number;
  isKeyframe: boolean;
  dataStart: number;
  dataEnd: number;
}

export function* webmClusters(segment: StoredSegment, bytes: Buffer): Iterable<WebmCluster> {
  let position = segment.headerBytes;
  while (position < bytes.length) {
    if (position + CLUSTER_HEADER_BYTES > bytes.length || bytes.readUInt32BE(position) !== CLUSTER) {
      throw damagedSegment(segment, `no cluster at byte ${position}`);
    }
    const sizeBytes = (bytes.readUInt32BE(position + 4) - 0x01000000) * 2 ** 32 + bytes.readUInt32BE(position + 8);
    const endPosition = position + 12 + sizeBytes;
    if (bytes[position + 12] !== CLUSTER_TIMESTAMP || endPosition > bytes.length) {
      throw damagedSegment(segment, `a broken cluster at byte ${position}`);
    }
    const startMs = Number(bytes.readBigUInt64BE(position + 14));
    yield { position, endPosition, startMs, timestampPosition: position + 14 };
    position = endPosition;
  }
}

export function* webmBlocks(segment: StoredSegment, bytes: Buffer, cluster: WebmCluster): Iterable<WebmBlock> {
  let position = cluster.position + CLUSTER_HEADER_BYTES;
  while (position < cluster.endPosition) {
    const dataStart = position + BLOCK_HEADER_BYTES;
    if (bytes[position] !== SIMPLE_BLOCK || dataStart > cluster.endPosition) {
      throw damagedSegment(segment, `no block at byte ${position}`);
    }
    const dataEnd = position + 5 + bytes.readUInt32BE(position + 1) - 0x10000000;
    if (dataEnd < dataStart || dataEnd > cluster.endPosition) {
      throw damagedSegment(segment, `a broken block at byte ${position}`);
    }
    yield {
      trackNumber: (bytes[position + 5] ?? 0) & 0x7f,
      timeMs: cluster.startMs + bytes.readInt16BE(position + 6),
      isKeyframe: ((bytes[position + 8] ?? 0) & 0x80) !== 0,
      dataStart,
      dataEnd,
    };
    position = dataEnd;
  }
}

/** The track entries of a header, whole, by track number. */
export function webmTrackEntries(segment: StoredSegment, header: Buffer): Map<number, Buffer> {
  const entries = new Map<number, Buffer>();
  for (const top of webmElements(segment, header)) {
    if (top.id !== SEGMENT) continue;
    for (const child of webmElements(segment, header.subarray(top.contentStart))) {
      if (child.id !== TRACKS) continue;
      const tracks = header.subarray(top.contentStart + child.contentStart, top.contentStart + child.end);
      for (const entry of webmElements(segment, tracks)) {
        if (entry.id !== TRACK_ENTRY) continue;
        const content = tracks.subarray(entry.contentStart, entry.end);
        const number = webmField(segment, content, TRACK_NUMBER);
        if (number?.[0] !== undefined) entries.set(number[0], tracks.subarray(entry.start, entry.end));
      }
    }
  }
  return entries;
}

/** The content of a field of a track entry, or of anything else that holds elements. */
export function webmField(segment: StoredSegment, content: Buffer, id: number): Buffer | undefined {
  for (const field of webmElements(segment, content)) {
    if (field.id === id) return content.subarray(field.contentStart, field.end);
  }
  return undefined;
}

/** RFC 8794 sections 4 and 5; an element of unknown size goes on to the end. */
function* webmElements(segment: StoredSegment, bytes: Buffer) {
  let position = 0;
  while (position < bytes.length) {
    const start = position;
    const idLength = Math.clz32((bytes[position] ?? 0) << 24) + 1;
    const sizeLength = Math.clz32((bytes[position + idLength] ?? 0) << 24) + 1;
    const contentStart = position + idLength + sizeLength;
    if (idLength > 4 || sizeLength > 8 || contentStart > bytes.length) throw damagedSegment(segment, 'a broken header');
    const id = bytes.readUIntBE(position, idLength);
    let sizeBytes = (bytes[position + idLength] ?? 0) & (0xff >> sizeLength);
    let isUnknown = sizeBytes === 0xff >> sizeLength;
    for (let index = 1; index < sizeLength; index += 1) {
      const byte = bytes[position + idLength + index] ?? 0;
      sizeBytes = sizeBytes * 256 + byte;
      isUnknown &&= byte === 0xff;
    }
    const end = isUnknown ? bytes.length : contentStart + sizeBytes;
    if (end > bytes.length) throw damagedSegment(segment, 'a header cut short');
    yield { id, start, contentStart, end };
    position = end;
  }
}
