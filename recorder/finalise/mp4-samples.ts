/** Reads what `segment/mp4-segment.ts` writes: that layout, not MP4 in general. */
import type { StoredSegment } from '../contract/media.ts';
import { damagedSegment } from './damaged-segment.ts';

export interface Mp4TrackFragment {
  trackNumber: number;
  startMicros: number;
  sampleCount: number;
  /** Position of the first sample's 12 bytes (duration, size, flags) in `bytes`. */
  samplesPosition: number;
  bytes: Buffer;
}

export interface Mp4Fragment {
  tracks: Mp4TrackFragment[];
  /** Position of the media data in the segment. */
  dataStart: number;
}

/** @param bytes the segment from its `headerBytes` on, at least the whole `moof`. */
export function mp4Fragment(segment: StoredSegment, bytes: Buffer): Mp4Fragment {
  const moof = childBoxes(segment, bytes)[0];
  if (moof?.type !== 'moof') throw damagedSegment(segment, 'no moof');
  const tracks: Mp4TrackFragment[] = [];
  const content = bytes.subarray(moof.contentStart, moof.end);
  for (const child of childBoxes(segment, content)) {
    if (child.type !== 'traf') continue;
    const traf = content.subarray(child.contentStart, child.end);
    const fields = new Map(
      childBoxes(segment, traf).map((box) => [box.type, traf.subarray(box.contentStart, box.end)]),
    );
    const run = fields.get('trun');
    const header = fields.get('tfhd');
    const time = fields.get('tfdt');
    if (!run || !header || !time) throw damagedSegment(segment, 'a broken moof');
    tracks.push({
      trackNumber: header.readUInt32BE(4),
      startMicros: Number(time.readBigUInt64BE(4)),
      sampleCount: run.readUInt32BE(4),
      samplesPosition: 12,
      bytes: run,
    });
  }
  return { tracks, dataStart: segment.headerBytes + moof.end + 8 };
}

/** The `stsd` boxes of a header, whole, by track number. */
export function mp4SampleDescriptions(segment: StoredSegment, header: Buffer): Map<number, Buffer> {
  const descriptions = new Map<number, Buffer>();
  const moov = find(segment, header, ['moov']);
  if (!moov) throw damagedSegment(segment, 'no moov');
  for (const child of childBoxes(segment, moov)) {
    if (child.type !== 'trak') continue;
    const trak = moov.subarray(child.contentStart, child.end);
    const trackHeader = find(segment, trak, ['tkhd']);
    const table = find(segment, trak, ['mdia', 'minf', 'stbl']);
    const description = table && childBoxes(segment, table).find((box) => box.type === 'stsd');
    if (!trackHeader || !table || !description) throw damagedSegment(segment, 'a broken moov');
    descriptions.set(trackHeader.readUInt32BE(20), table.subarray(description.start, description.end));
  }
  return descriptions;
}

function find(segment: StoredSegment, bytes: Buffer, path: readonly string[]): Buffer | undefined {
  let content: Buffer | undefined = bytes;
  for (const type of path) {
    const inside: Buffer = content;
    const box = childBoxes(segment, inside).find((candidate) => candidate.type === type);
    content = box && inside.subarray(box.contentStart, box.end);
    if (!content) return undefined;
  }
  return content;
}

interface Box {
  type: string;
  start: number;
  contentStart: number;
  end: number;
}

/** The last box may reach past the bytes at hand, unless it is a `moof`. */
function childBoxes(segment: StoredSegment, bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  let start = 0;
  while (start + 8 <= bytes.length) {
    const sizeBytes = bytes.readUInt32BE(start);
    const type = bytes.toString('latin1', start + 4, start + 8);
    if (sizeBytes < 8) throw damagedSegment(segment, `a box of ${sizeBytes} bytes`);
    boxes.push({ type, start, contentStart: start + 8, end: start + sizeBytes });
    start += sizeBytes;
  }
  return boxes;
}
