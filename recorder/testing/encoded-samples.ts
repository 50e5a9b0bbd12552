/**
 * For tests: real frames, encoded by ffmpeg once per process and kept in memory, cut into the frames that a depacketizer
 * would deliver. IVF (VP8, VP9, AV1), Annex B (H.264, H.265) and Ogg (Opus) are read here.
 */
import { execFileSync } from 'node:child_process';
import type { Codec } from '../contract/media.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';

export const ffmpegPath = process.env.FFMPEG_PATH ?? 'ffmpeg';
export const ffprobePath = process.env.FFPROBE_PATH ?? 'ffprobe';

export type Sample = Pick<EncodedFrame, 'codec' | 'data' | 'isKeyframe' | 'width' | 'height'> &
  Partial<Pick<EncodedFrame, 'afterLoss'>>;

export interface VideoRequest {
  codec: Extract<Codec, 'vp8' | 'vp9' | 'av1' | 'h264' | 'h265'>;
  seconds: number;
  width?: number;
  height?: number;
  fps?: number;
  /** Frames from keyframe to keyframe; default: only the first is one. */
  keyframeInterval?: number;
  bitrate?: string;
}

const cache = new Map<string, Sample[]>();

/** A moving test picture. */
export function videoSamples(request: VideoRequest): Sample[] {
  const { codec, seconds, width = 320, height = 180, fps = 30, keyframeInterval = 9999, bitrate = '300k' } = request;
  return cached(JSON.stringify(request), () => {
    const input = ['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${fps}:duration=${seconds}`];
    const common = ['-g', String(keyframeInterval), '-b:v', bitrate, '-bf', '0', '-pix_fmt', 'yuv420p'];
    const bytes = run([...input, ...common, ...encoderArguments[codec], 'pipe:1']);
    const frames = codec === 'h264' || codec === 'h265' ? annexBFrames(bytes, codec) : ivfFrames(bytes, codec);
    return frames.map((frame) => ({ codec, ...frame, ...(frame.isKeyframe ? { width, height } : {}) }));
  });
}

/** A tone, in packets of 20 ms. */
export function opusSamples(seconds: number, channels: 1 | 2 = 2): Sample[] {
  return cached(`opus ${seconds} ${channels}`, () => {
    const input = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`];
    const bytes = run([...input, '-ac', String(channels), '-c:a', 'libopus', '-b:a', '32k', '-f', 'ogg', 'pipe:1']);
    // The first two packets are the headers; the last may hold less than 20 ms.
    const packets = oggPackets(bytes).slice(2, 2 + seconds * 50);
    return packets.map((data) => ({ codec: 'opus', data, isKeyframe: true }));
  });
}

/** A tone in G.711, in packets of 20 ms. */
export function g711Samples(codec: 'pcmu' | 'pcma', seconds: number): Sample[] {
  return cached(`${codec} ${seconds}`, () => {
    const input = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=8000:duration=${seconds}`];
    const bytes = run([...input, '-f', codec === 'pcmu' ? 'mulaw' : 'alaw', 'pipe:1']);
    return Array.from({ length: seconds * 50 }, (_, index) => {
      return { codec, data: bytes.subarray(index * 160, index * 160 + 160), isKeyframe: true };
    });
  });
}

const encoderArguments: Record<VideoRequest['codec'], string[]> = {
  vp8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-f', 'ivf'],
  vp9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-f', 'ivf'],
  av1: ['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-f', 'ivf'],
  h264: [
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
    ...['-x264-params', 'aud=1:repeat-headers=1:scenecut=0', '-f', 'h264'],
  ],
  h265: [
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tune', 'zerolatency'],
    ...['-x265-params', 'aud=1:repeat-headers=1:scenecut=0:log-level=none', '-f', 'hevc'],
  ],
};

function cached(key: string, make: () => Sample[]): Sample[] {
  const samples = cache.get(key) ?? make();
  cache.set(key, samples);
  return samples;
}

function run(args: string[]): Buffer {
  return execFileSync(ffmpegPath, ['-v', 'error', '-threads', '1', ...args], { maxBuffer: 1 << 30 });
}

function ivfFrames(bytes: Buffer, codec: Codec) {
  const frames: { data: Buffer; isKeyframe: boolean }[] = [];
  let position = bytes.readUInt16LE(6);
  while (position + 12 <= bytes.length) {
    const sizeBytes = bytes.readUInt32LE(position);
    let data = bytes.subarray(position + 12, position + 12 + sizeBytes);
    position += 12 + sizeBytes;
    if (codec === 'av1') data = withoutTemporalDelimiter(data);
    frames.push({ data, isKeyframe: isIvfKeyframe(data, codec) });
  }
  return frames;
}

function isIvfKeyframe(data: Buffer, codec: Codec): boolean {
  const first = data[0] ?? 0;
  if (codec === 'vp8') return (first & 1) === 0;
  if (codec === 'vp9') return (first & 0b1100) === 0; // profile 0: no show_existing_frame, key frame
  return ((first >> 3) & 15) === 1; // AV1: starts with a sequence header
}

function withoutTemporalDelimiter(data: Buffer): Buffer {
  return data[0] === 0x12 && data[1] === 0 ? data.subarray(2) : data;
}

/** Access units begin at access unit delimiters, which are left out as in RTP. */
function annexBFrames(bytes: Buffer, codec: 'h264' | 'h265') {
  const typeOf = (unit: Buffer) => (codec === 'h264' ? (unit[0] ?? 0) & 0x1f : ((unit[0] ?? 0) >> 1) & 0x3f);
  const delimiter = codec === 'h264' ? 9 : 35;
  const isKey = (type: number) => (codec === 'h264' ? type === 5 : type >= 16 && type <= 23);
  const frames: { data: Buffer; isKeyframe: boolean }[] = [];
  let units: Buffer[] = [];
  const finish = () => {
    if (units.length === 0) return;
    const pieces = units.flatMap((unit) => [lengthOf(unit), unit]);
    frames.push({ data: Buffer.concat(pieces), isKeyframe: units.some((unit) => isKey(typeOf(unit))) });
    units = [];
  };
  for (const unit of annexBUnits(bytes)) {
    if (typeOf(unit) === delimiter) finish();
    else units.push(unit);
  }
  finish();
  return frames;
}

function lengthOf(unit: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(unit.length);
  return bytes;
}

function* annexBUnits(bytes: Buffer): Iterable<Buffer> {
  const startCode = Buffer.from([0, 0, 1]);
  let start = bytes.indexOf(startCode);
  while (start >= 0) {
    const next = bytes.indexOf(startCode, start + 3);
    let end = next < 0 ? bytes.length : next;
    while (next >= 0 && bytes[end - 1] === 0) end -= 1;
    yield bytes.subarray(start + 3, end);
    start = next;
  }
}

function oggPackets(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let pieces: Buffer[] = [];
  let position = 0;
  while (position + 27 <= bytes.length) {
    const laces = bytes.subarray(position + 27, position + 27 + (bytes[position + 26] ?? 0));
    position += 27 + laces.length;
    for (const lace of laces) {
      pieces.push(bytes.subarray(position, position + lace));
      position += lace;
      if (lace === 255) continue;
      packets.push(Buffer.concat(pieces));
      pieces = [];
    }
  }
  return packets;
}
