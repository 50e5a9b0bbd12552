/**
 * The header of fragmented MP4 segments (ISO/IEC 14496-12): `ftyp` and a `moov` without samples.
 */
import { ascii, box, boxPieces, fullBox, uint16, uint32, uint64, zeros } from './mp4-boxes.ts';
import { audioSampleEntry, videoSampleEntry } from './mp4-sample-entry.ts';
import { OPUS_DELAY_MICROS } from './opus-delay.ts';
import { AUDIO_TRACK, type PartFormat, VIDEO_TRACK } from './part-format.ts';

/** Ticks per second of the movie, and of its tracks unless they say otherwise: presentation times are kept as they are. */
export const MP4_TIMESCALE = 1_000_000;
const UNITY_MATRIX = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const LANGUAGE_UNDETERMINED = 0x55c4;

export function mp4Header({ video, audio }: PartFormat): Buffer {
  const tracks: Uint8Array[] = [];
  const extends_: Buffer[] = [];
  if (video) {
    tracks.push(...emptyTrack(VIDEO_TRACK, 'vide', videoSampleEntry(video), video.width, video.height));
    extends_.push(trackExtends(VIDEO_TRACK));
  }
  if (audio) {
    tracks.push(...emptyTrack(AUDIO_TRACK, 'soun', audioSampleEntry(audio), 0, 0, audio.codec === 'opus'));
    extends_.push(trackExtends(AUDIO_TRACK));
  }
  return Buffer.concat([
    box('ftyp', ascii('iso5'), uint32(512), ascii('iso5iso6mp41')),
    box('moov', movieHeader(), ...tracks, box('mvex', ...extends_)),
  ]);
}

export type Handler = 'vide' | 'soun';

/** @param duration in ticks of `MP4_TIMESCALE`; 0: not known */
export function movieHeader(duration = 0): Buffer {
  return fullBox(
    'mvhd',
    1,
    0,
    uint64(0, 0), // created, modified
    uint32(MP4_TIMESCALE),
    uint64(duration),
    uint32(0x10000), // rate
    uint16(0x100, 0), // volume
    zeros(8),
    UNITY_MATRIX,
    zeros(24),
    uint32(AUDIO_TRACK + 1), // next track id
  );
}

export interface TrackBoxes {
  id: number;
  handler: Handler;
  width: number;
  height: number;
  /** Of the presentation in ticks of `MP4_TIMESCALE`, and of the media in it in ticks of the track; 0: not known. */
  durations?: { track: number; media: number };
  /** Of the track's timescale. */
  tickMicros?: number;
  edits?: Buffer;
  /** In pieces, as the whole. */
  sampleTable: readonly Uint8Array[];
}

export function trackBox(track: TrackBoxes): Uint8Array[] {
  const { id, handler, width, height, durations, tickMicros = 1, edits, sampleTable } = track;
  const isVideo = handler === 'vide';
  const header = fullBox(
    'tkhd',
    1,
    3, // enabled, in movie
    uint64(0, 0), // created, modified
    uint32(id, 0),
    uint64(durations?.track ?? 0),
    zeros(8),
    uint16(0, 0, isVideo ? 0 : 0x100, 0), // layer, group, volume
    UNITY_MATRIX,
    uint32(width * 0x10000, height * 0x10000),
  );
  const mediaHeader = fullBox(
    'mdhd',
    1,
    0,
    uint64(0, 0), // created, modified
    uint32(MP4_TIMESCALE / tickMicros),
    uint64(durations?.media ?? 0),
    uint16(LANGUAGE_UNDETERMINED, 0),
  );
  const kindHeader = isVideo ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4));
  const dataInformation = box('dinf', fullBox('dref', 0, 0, uint32(1), fullBox('url ', 0, 1)));
  return boxPieces(
    'trak',
    header,
    ...(edits ? [edits] : []),
    ...boxPieces(
      'mdia',
      mediaHeader,
      fullBox('hdlr', 0, 0, zeros(4), ascii(handler), zeros(12), ascii(isVideo ? 'video\0' : 'audio\0')),
      ...boxPieces('minf', kindHeader, dataInformation, ...sampleTable),
    ),
  );
}

/**
 * Which part of the media is shown when (section 8.6.6). @param edits one after the other; without `mediaTicks`
 * nothing is shown for that long. A duration of 0 lasts for all fragments.
 */
export function editList(edits: readonly { durationMicros: number; mediaTicks?: number }[]): Buffer {
  const entries = edits.map(({ durationMicros, mediaTicks }) =>
    Buffer.concat([
      uint64(durationMicros),
      mediaTicks === undefined ? Buffer.alloc(8, 0xff) : uint64(mediaTicks),
      uint16(1, 0), // normal speed
    ]),
  );
  return box('edts', fullBox('elst', 1, 0, uint32(edits.length), ...entries));
}

function emptyTrack(
  id: number,
  handler: Handler,
  entry: Buffer,
  width: number,
  height: number,
  isOpus = false,
): Uint8Array[] {
  const sampleTable = boxPieces(
    'stbl',
    fullBox('stsd', 0, 0, uint32(1), entry),
    fullBox('stts', 0, 0, uint32(0)),
    fullBox('stsc', 0, 0, uint32(0)),
    fullBox('stsz', 0, 0, uint32(0, 0)),
    fullBox('stco', 0, 0, uint32(0)),
  );
  const edits = isOpus ? editList([{ durationMicros: 0, mediaTicks: OPUS_DELAY_MICROS }]) : undefined;
  return trackBox({ id, handler, width, height, edits, sampleTable });
}

function trackExtends(id: number): Buffer {
  return fullBox('trex', 0, 0, uint32(id, 1, 0, 0, 0)); // sample description 1, no defaults
}
