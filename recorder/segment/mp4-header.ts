/**
 * The header of fragmented MP4 segments (ISO/IEC 14496-12): `ftyp` and a `moov` without samples. Video in it is H.264
 * (`avc1`, `avcC`) or H.265 (`hvc1`, `hvcC`), audio is Opus (`Opus`, `dOps`).
 */
import { ascii, box, fullBox, uint8, uint16, uint32, zeros } from './mp4-boxes.ts';
import { AUDIO_TRACK, type AudioFormat, type PartFormat, VIDEO_TRACK, type VideoFormat } from './part-format.ts';

/** Ticks per second of both tracks: presentation times are kept as they are. */
export const MP4_TIMESCALE = 1_000_000;
const UNITY_MATRIX = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const LANGUAGE_UNDETERMINED = 0x55c4;

export function mp4Header({ video, audio }: PartFormat): Buffer {
  const tracks: Buffer[] = [];
  const extends_: Buffer[] = [];
  if (video) {
    tracks.push(track(VIDEO_TRACK, 'vide', videoEntry(video), video.width, video.height));
    extends_.push(trackExtends(VIDEO_TRACK));
  }
  if (audio) {
    tracks.push(track(AUDIO_TRACK, 'soun', audioEntry(audio), 0, 0));
    extends_.push(trackExtends(AUDIO_TRACK));
  }
  return Buffer.concat([
    box('ftyp', ascii('iso5'), uint32(512), ascii('iso5iso6mp41')),
    box('moov', movieHeader(), ...tracks, box('mvex', ...extends_)),
  ]);
}

function movieHeader(): Buffer {
  return fullBox(
    'mvhd',
    0,
    0,
    uint32(0, 0, 1000, 0), // created, modified, timescale, duration
    uint32(0x10000), // rate
    uint16(0x100, 0), // volume
    zeros(8),
    UNITY_MATRIX,
    zeros(24),
    uint32(AUDIO_TRACK + 1), // next track id
  );
}

function track(id: number, handler: 'vide' | 'soun', entry: Buffer, width: number, height: number): Buffer {
  const isVideo = handler === 'vide';
  const header = fullBox(
    'tkhd',
    0,
    3, // enabled, in movie
    uint32(0, 0, id, 0, 0), // created, modified, id, reserved, duration
    zeros(8),
    uint16(0, 0, isVideo ? 0 : 0x100, 0), // layer, group, volume
    UNITY_MATRIX,
    uint32(width * 0x10000, height * 0x10000),
  );
  const samples = box(
    'stbl',
    fullBox('stsd', 0, 0, uint32(1), entry),
    fullBox('stts', 0, 0, uint32(0)),
    fullBox('stsc', 0, 0, uint32(0)),
    fullBox('stsz', 0, 0, uint32(0, 0)),
    fullBox('stco', 0, 0, uint32(0)),
  );
  const mediaHeader = isVideo ? fullBox('vmhd', 0, 1, zeros(8)) : fullBox('smhd', 0, 0, zeros(4));
  const dataInformation = box('dinf', fullBox('dref', 0, 0, uint32(1), fullBox('url ', 0, 1)));
  return box(
    'trak',
    header,
    box(
      'mdia',
      fullBox('mdhd', 0, 0, uint32(0, 0, MP4_TIMESCALE, 0), uint16(LANGUAGE_UNDETERMINED, 0)),
      fullBox('hdlr', 0, 0, zeros(4), ascii(handler), zeros(12), ascii(isVideo ? 'video\0' : 'audio\0')),
      box('minf', mediaHeader, dataInformation, samples),
    ),
  );
}

function trackExtends(id: number): Buffer {
  return fullBox('trex', 0, 0, uint32(id, 1, 0, 0, 0)); // sample description 1, no defaults
}

function videoEntry(video: VideoFormat): Buffer {
  if (!video.configuration) throw new Error(`${video.codec} needs its parameter sets in the header.`);
  const isAvc = video.codec === 'h264';
  return box(
    isAvc ? 'avc1' : 'hvc1',
    zeros(6),
    uint16(1), // data reference
    zeros(16),
    uint16(video.width, video.height),
    uint32(0x480000, 0x480000, 0), // 72 dpi
    uint16(1), // frames per sample
    zeros(32), // compressor name
    uint16(0x18, 0xffff), // depth
    box(isAvc ? 'avcC' : 'hvcC', video.configuration),
  );
}

/** Encapsulation of Opus in ISO BMFF, section 4.3. No pre-skip, as in WebM. */
function audioEntry(audio: AudioFormat): Buffer {
  return box(
    'Opus',
    zeros(6),
    uint16(1), // data reference
    zeros(8),
    uint16(audio.channels, 16, 0, 0),
    uint32(48_000 * 0x10000),
    box('dOps', uint8(0, audio.channels), uint16(0), uint32(48_000), uint16(0), uint8(0)),
  );
}
