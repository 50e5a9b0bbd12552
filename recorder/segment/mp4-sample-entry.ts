/** What `stsd` says about a track (ISO/IEC 14496-12 section 8.5.2). */
import { ascii, box, uint8, uint16, uint32, zeros } from './mp4-boxes.ts';
import { OPUS_DELAY_SAMPLES } from './opus-delay.ts';
import type { AudioFormat, VideoFormat } from './part-format.ts';

/** Name of the entry and of the box with the codec's configuration. */
const videoNames: Readonly<Record<string, readonly [entry: string, configuration: string]>> = {
  h264: ['avc1', 'avcC'],
  h265: ['hvc1', 'hvcC'],
  vp8: ['vp08', 'vpcC'],
  vp9: ['vp09', 'vpcC'],
  av1: ['av01', 'av1C'],
};

export function videoSampleEntry(video: VideoFormat): Buffer {
  const names = videoNames[video.codec];
  if (!names || !video.configuration) throw new Error(`${video.codec} needs its configuration to go into MP4.`);
  const [entry, configuration] = names;
  return box(
    entry,
    zeros(6),
    uint16(1), // data reference
    zeros(16),
    uint16(video.width, video.height),
    uint32(0x480000, 0x480000, 0), // 72 dpi
    uint16(1), // frames per sample
    zeros(32), // compressor name
    uint16(0x18, 0xffff), // depth
    box(configuration, video.configuration),
  );
}

export function audioSampleEntry({ codec, channels }: AudioFormat): Buffer {
  // Encapsulation of Opus in ISO BMFF, section 4.3.
  if (codec === 'opus') return audioEntry('Opus', channels, 48_000, opusSpecificBox(channels));
  // G.711 goes by the names QuickTime gave it.
  return audioEntry(codec === 'pcmu' ? 'ulaw' : 'alaw', channels, 8000);
}

function audioEntry(name: string, channels: number, samplesPerSecond: number, ...boxes: Buffer[]): Buffer {
  return box(
    name,
    zeros(6),
    uint16(1), // data reference
    zeros(8),
    uint16(channels, 16, 0, 0),
    uint32(samplesPerSecond * 0x10000),
    ...boxes,
  );
}

function opusSpecificBox(channels: number): Buffer {
  return box('dOps', uint8(0, channels), uint16(OPUS_DELAY_SAMPLES), uint32(48_000), ascii('\0\0'), uint8(0));
}
