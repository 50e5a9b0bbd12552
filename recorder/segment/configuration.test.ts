import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ffmpegPath } from '../testing/encoded-samples.ts';
import { av1Configuration } from './av1-configuration.ts';
import { avcConfiguration } from './avc-configuration.ts';
import { hevcConfiguration } from './hevc-configuration.ts';
import { vpConfiguration } from './vp-configuration.ts';

// ffmpeg encodes and decodes here, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'configuration-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The content of the first box of this type, wherever it is. */
function boxContent(file: Buffer, type: string): Buffer {
  const at = file.indexOf(type, 0, 'latin1');
  return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4));
}

/** ffmpeg's MP4 of one keyframe, and that keyframe as it is in the file, with parameter sets in front. */
function encode(args: string[], box: string): { record: Buffer; keyframe: Uint8Array } {
  const path = join(folder, `${box}-${Math.random()}.mp4`);
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30'];
  execFileSync(ffmpegPath, ['-v', 'error', ...input, '-frames:v', '1', ...args, path]);
  const file = readFileSync(path);
  return { record: boxContent(file, box), keyframe: boxContent(file, 'mdat') };
}

/** Puts parameter sets from a record that lists them as NAL units behind 16-bit lengths in front of the frame. */
function withSets(sets: Buffer[], keyframe: Uint8Array): Buffer {
  const pieces = sets.flatMap((set) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(set.length);
    return [length, set];
  });
  return Buffer.concat([...pieces, keyframe]);
}

it.each(['baseline', 'main', 'high', 'high10', 'high422', 'high444'])(
  'makes the avcC record that ffmpeg makes for H.264 %s',
  (profile) => {
    const formats: Record<string, string> = { high10: 'yuv420p10le', high422: 'yuv422p', high444: 'yuv444p' };
    const pixels = formats[profile] ?? 'yuv420p';
    const { record, keyframe } = encode(
      ['-pix_fmt', pixels, '-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', profile],
      'avcC',
    );
    const spsEnd = 8 + record.readUInt16BE(6);
    const ppsEnd = spsEnd + 3 + record.readUInt16BE(spsEnd + 1);
    const frame = withSets([record.subarray(8, spsEnd), record.subarray(spsEnd + 3, ppsEnd)], keyframe);
    expect(Buffer.from(avcConfiguration(frame) ?? []).toString('hex')).toBe(record.toString('hex'));
    expect(avcConfiguration(keyframe)).toBeUndefined();
  },
);

it.each(['yuv420p', 'yuv420p10le', 'yuv422p', 'yuv444p'])(
  'makes the hvcC record that ffmpeg makes for H.265 %s',
  (pixels) => {
    const x265 = [
      '-pix_fmt',
      pixels,
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=none:info=0',
    ];
    const { record, keyframe } = encode([...x265, '-tag:v', 'hvc1'], 'hvcC');
    const sets: Buffer[] = [];
    for (let position = 23; position < record.length; ) {
      const length = record.readUInt16BE(position + 3);
      sets.push(record.subarray(position + 5, position + 5 + length));
      position += 5 + length;
    }
    const made = Buffer.from(hevcConfiguration(withSets(sets, keyframe)) ?? []);
    // ffmpeg computes min_spatial_segmentation and parallelism from the VUI and PPS; both may be left open.
    record.writeUInt16BE(0xf000, 13);
    record.writeUInt8(0xfc, 15);
    expect(made.toString('hex')).toBe(record.toString('hex'));
    expect(hevcConfiguration(keyframe)).toBeUndefined();
  },
);

it.each(['yuv420p', 'yuv420p10le', 'yuv444p'])(
  'makes a vpcC record of the profile and depth ffmpeg sees in VP9 %s',
  (pixels) => {
    const { record, keyframe } = encode(
      ['-pix_fmt', pixels, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
      'vpcC',
    );
    const made = Buffer.from(vpConfiguration('vp9', keyframe));
    expect(made).toHaveLength(record.length);
    expect(made[4]).toBe(record[4]);
    // Bit depth and chroma; whether chroma lies beside luma or between cannot be seen.
    expect((made[6] ?? 0) & 0b1111_1100).toBe((record[6] ?? 0) & 0b1111_1100);
  },
);

it.each(['yuv420p', 'yuv420p10le', 'yuv444p', 'gray'])(
  'makes the av1C record that ffmpeg makes for AV1 %s',
  (pixels) => {
    const { record, keyframe } = encode(
      ['-pix_fmt', pixels, '-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime'],
      'av1C',
    );
    const made = Buffer.from(av1Configuration(Buffer.concat([record.subarray(4), keyframe])) ?? []);
    expect(made.toString('hex')).toBe(record.toString('hex'));
  },
);
