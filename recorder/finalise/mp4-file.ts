/**
 * Makes the finished MP4 file (ISO/IEC 14496-12): `moov` with complete sample tables in front (fast start), then the media
 * data of all segments as it is. Two passes: the first reads only what describes the samples, which gives the exact
 * `moov`; the second copies. An hour takes seconds. Times stay in microseconds; in what is longer than an hour, of 10 or 100, since
 * a hole may be as long and the table has 32 bits for it.
 */
import { mediaMemory } from '../../storage/memory-pool.ts';
import type { StoredSegment } from '../contract/media.ts';
import { ascii, box, boxPieces, uint32, uint64 } from '../segment/mp4-boxes.ts';
import { editList, movieHeader, trackBox } from '../segment/mp4-header.ts';
import { OPUS_DELAY_MICROS } from '../segment/opus-delay.ts';
import { AUDIO_TRACK, VIDEO_TRACK } from '../segment/part-format.ts';
import { frameDuration } from '../timeline/frame-duration.ts';
import { Mp4SampleTable } from './mp4-sample-table.ts';
import { mp4Fragment } from './mp4-samples.ts';
import type { OutputFile } from './output-file.ts';
import type { PlacedSegment } from './placed-segment.ts';
import type { PlannedFile, PlannedTrack } from './plan-files.ts';
import { type ReadSegment, readSegments } from './read-segments.ts';
import { webmBlocks, webmClusters } from './webm-blocks.ts';
import type { FileTimes } from './webm-file.ts';

/** Holds the `moof` of a thousand samples: more than two seconds have. */
const FRAGMENT_HEAD_BYTES = 16_384;
const MDAT_HEAD_BYTES = 16;
/** Less than 32 bits: some players take the last of them for a sign or an error. */
const LONGEST_TICKS = 4_000_000_000;
const SAMPLE_BYTES = 12;
const NON_SYNC_FLAG = 0x00010000;
/** Width and height in `stsd`: behind its head (16) and 32 bytes of the video entry. */
const WIDTH_POSITION = 48;

export async function writeMp4File(
  file: PlannedFile,
  times: FileTimes,
  readSegment: ReadSegment,
  output: OutputFile,
  signal?: AbortSignal,
): Promise<void> {
  const tickMicros = tickOf(times);
  const tables = new Map([VIDEO_TRACK, AUDIO_TRACK].map((number) => [number, new Mp4SampleTable(tickMicros)]));
  let mediaBytes = 0;
  const readHead = (segment: StoredSegment) => readDescription(segment, readSegment);
  for await (const { segment, content } of readSegments(file.segments, readHead, signal)) {
    mediaBytes += describe(segment, content, tables, mediaBytes);
    mediaMemory.give(content);
  }
  for (const table of tables.values()) table.finish();

  const fileType = box('ftyp', ascii('isom'), uint32(512), ascii('isomiso2iso6mp41'));
  const moovBytes = movie(file, times, tickMicros, tables, 0).reduce((sum, piece) => sum + piece.length, 0);
  const dataStart = fileType.length + moovBytes + MDAT_HEAD_BYTES;
  await output.write(fileType);
  for (const piece of movie(file, times, tickMicros, tables, dataStart)) await output.write(piece);
  await output.write(Buffer.concat([uint32(1), ascii('mdat'), uint64(MDAT_HEAD_BYTES + mediaBytes)]));
  const readWhole = (segment: StoredSegment) => readSegment(segment);
  for await (const { segment, content } of readSegments(file.segments, readWhole, signal)) {
    await output.write(mediaOf(segment, toBuffer(content)));
    mediaMemory.give(content);
  }
}

/** What tells about the samples of a segment: the `moof`, or of WebM everything. */
async function readDescription(segment: StoredSegment, readSegment: ReadSegment): Promise<Buffer> {
  if (segment.container === 'webm') return toBuffer(await readSegment(segment));
  const startByte = segment.headerBytes;
  const head = toBuffer(await readSegment(segment, { startByte, endByte: startByte + FRAGMENT_HEAD_BYTES - 1 }));
  const moofBytes = head.readUInt32BE(0);
  if (moofBytes <= head.length) return head.subarray(0, moofBytes);
  return toBuffer(await readSegment(segment, { startByte, endByte: startByte + moofBytes - 1 }));
}

/** Adds the samples of a segment to the tables. @returns bytes of its media data */
function describe(
  segment: PlacedSegment,
  bytes: Buffer,
  tables: ReadonlyMap<number, Mp4SampleTable>,
  offset: number,
): number {
  let mediaBytes = 0;
  if (segment.container === 'webm') {
    const table = tables.get(AUDIO_TRACK);
    table?.beginChunk(offset);
    for (const cluster of webmClusters(segment, bytes)) {
      for (const block of webmBlocks(segment, bytes, cluster)) {
        const data = bytes.subarray(block.dataStart, block.dataEnd);
        table?.add(
          block.timeMs * 1000 + segment.offsetMicros,
          frameDuration({ codec: 'opus', data }) ?? 0,
          data.length,
          true,
        );
        mediaBytes += data.length;
      }
    }
    return mediaBytes;
  }
  for (const track of mp4Fragment(segment, bytes).tracks) {
    const table = tables.get(track.trackNumber);
    if (!table) continue;
    table.beginChunk(offset + mediaBytes);
    let timeMicros = track.startMicros + segment.offsetMicros;
    for (let index = 0; index < track.sampleCount; index += 1) {
      const position = track.samplesPosition + index * SAMPLE_BYTES;
      const durationMicros = track.bytes.readUInt32BE(position);
      const sizeBytes = track.bytes.readUInt32BE(position + 4);
      const isKeyframe = (track.bytes.readUInt32BE(position + 8) & NON_SYNC_FLAG) === 0;
      table.add(timeMicros, durationMicros, sizeBytes, isKeyframe);
      timeMicros += durationMicros;
      mediaBytes += sizeBytes;
    }
  }
  return mediaBytes;
}

function mediaOf(segment: StoredSegment, bytes: Buffer): Buffer {
  if (segment.container === 'mp4') {
    return bytes.subarray(mp4Fragment(segment, bytes.subarray(segment.headerBytes)).dataStart);
  }
  const pieces: Buffer[] = [];
  for (const cluster of webmClusters(segment, bytes)) {
    for (const block of webmBlocks(segment, bytes, cluster))
      pieces.push(bytes.subarray(block.dataStart, block.dataEnd));
  }
  return Buffer.concat(pieces);
}

function tickOf({ durationMs }: FileTimes): number {
  let tickMicros = 1;
  while ((durationMs * 1000) / tickMicros > LONGEST_TICKS) tickMicros *= 10;
  return tickMicros;
}

function movie(
  file: PlannedFile,
  times: FileTimes,
  tickMicros: number,
  tables: ReadonlyMap<number, Mp4SampleTable>,
  dataStart: number,
): Uint8Array[] {
  const tracks: Uint8Array[] = [];
  let longestMicros = 0;
  const add = (id: number, track: PlannedTrack | undefined) => {
    const table = tables.get(id);
    if (!track || table?.startMicros === undefined) return;
    if (track.container !== 'mp4') throw new Error('No part of an MP4 file describes its sound for MP4.');
    const isVideo = id === VIDEO_TRACK;
    const delayMicros = Math.max(0, table.startMicros - times.startMs * 1000);
    const skippedMicros = track.codec !== 'Opus' ? 0 : Math.min(OPUS_DELAY_MICROS, table.durationMicros);
    const trackMicros = delayMicros + table.durationMicros - skippedMicros;
    longestMicros = Math.max(longestMicros, trackMicros);
    tracks.push(
      ...trackBox({
        id,
        handler: isVideo ? 'vide' : 'soun',
        width: isVideo ? track.description.readUInt16BE(WIDTH_POSITION) : 0,
        height: isVideo ? track.description.readUInt16BE(WIDTH_POSITION + 2) : 0,
        durations: { track: trackMicros, media: table.durationTicks },
        tickMicros,
        edits: editList([
          ...(delayMicros > 0 ? [{ durationMicros: delayMicros }] : []),
          { durationMicros: table.durationMicros - skippedMicros, mediaTicks: Math.round(skippedMicros / tickMicros) },
        ]),
        sampleTable: table.toBox(track.description, dataStart),
      }),
    );
  };
  add(VIDEO_TRACK, file.video);
  add(AUDIO_TRACK, file.audio);
  return boxPieces('moov', movieHeader(longestMicros), ...tracks);
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
