/** What ffmpeg, which is not ours, sees and hears in a finished file. */
import { spawn } from 'node:child_process';
import type { Codec } from '../../recorder/contract/media.ts';
import { isFlash } from '../demo/demo-picture.ts';
import { readFrameNumber } from '../demo/frame-number.ts';
import { findFfmpeg } from '../publisher/clip/find-ffmpeg.ts';

export interface SeenPicture {
  timeMs: number;
  /** As it was encoded: "640x360". */
  size: string;
  /** Undefined: there is none in it, or it cannot be read. */
  number: number | undefined;
  isFlash: boolean;
}

export interface ReadBack {
  /** Everything ffmpeg calls an error, while it decodes picture and sound. */
  errors: string[];
  pictures: SeenPicture[];
  /** Where each beep begins. */
  beepsMs: number[];
  /** Decoded sound, holes in it included. */
  soundMs: number;
}

/** Numbers stay readable, and reading them is cheap. */
const WIDTH = 320;
const HEIGHT = 180;
const SAMPLE_RATE = 48_000;
/** A beep begins with a sample this loud after this much silence. */
const LOUD = 3000;
const QUIET_SAMPLES = SAMPLE_RATE / 10;

export async function readBack(path: string, has: { video?: Codec; audio: boolean }): Promise<ReadBack> {
  const errors: string[] = [];
  const pictures = has.video ? await seePictures(path, has.video, errors) : [];
  const { beepsMs, soundMs } = has.audio ? await hear(path, errors) : { beepsMs: [], soundMs: 0 };
  return { errors, pictures, beepsMs, soundMs };
}

async function seePictures(path: string, codec: Codec, errors: string[]): Promise<SeenPicture[]> {
  // Of a picture in spatial layers browsers show the highest. ffmpeg's own decoder gives out each, all at one time, about
  // which its muxers complain; with the decoder of browsers it does as they do.
  const decoder = codec === 'vp9' ? ['-c:v', 'libvpx-vp9'] : [];
  const shown: { timeMs: number; size: string }[] = [];
  const read: { number: number | undefined; isFlash: boolean }[] = [];
  const sizeBytes = WIDTH * HEIGHT;
  const picture = Buffer.alloc(sizeBytes);
  let filled = 0;
  // Every frame once, at the time it has in the file; its own size is told before it is scaled.
  const filters = `showinfo=checksum=0,scale=${WIDTH}:${HEIGHT}:flags=fast_bilinear,format=gray`;
  await decode(
    decoder,
    [
      path,
      '-map',
      '0:v:0',
      '-fps_mode',
      'passthrough',
      '-enc_time_base:v',
      '-1',
      '-vf',
      filters,
      '-f',
      'rawvideo',
      '-',
    ],
    errors,
    (line) => {
      const [, time, size] = /pts_time:(\S+) .* s:(\d+x\d+) /.exec(line) ?? [];
      if (time && size) shown.push({ timeMs: Number(time) * 1000, size });
    },
    (chunk) => {
      for (let at = 0; at < chunk.length; ) {
        const copied = chunk.copy(picture, filled, at, at + sizeBytes - filled);
        at += copied;
        filled += copied;
        if (filled < sizeBytes) return;
        filled = 0;
        read.push({ number: readFrameNumber(picture, WIDTH, HEIGHT), isFlash: isFlash(picture, WIDTH, HEIGHT) });
      }
    },
  );
  if (shown.length !== read.length) errors.push(`${shown.length} pictures announced, ${read.length} delivered`);
  return read.map((what, index) => ({ timeMs: Number.NaN, size: '', ...shown[index], ...what }));
}

async function hear(path: string, errors: string[]): Promise<Pick<ReadBack, 'beepsMs' | 'soundMs'>> {
  const beepsMs: number[] = [];
  let position = 0;
  let quiet = QUIET_SAMPLES;
  let odd: Buffer = Buffer.alloc(0);
  // What is missing in time is filled and what is too much is cut, so that the place of a sample is its time.
  const sound = [
    '-af',
    `aresample=${SAMPLE_RATE}:async=1:min_hard_comp=0.01:first_pts=0`,
    '-ac',
    '1',
    '-f',
    's16le',
    '-',
  ];
  await decode([], [path, '-map', '0:a:0', ...sound], errors, ignore, (chunk) => {
    const bytes = odd.length === 0 ? chunk : Buffer.concat([odd, chunk]);
    const samples = bytes.length >> 1;
    for (let index = 0; index < samples; index += 1, position += 1) {
      const isLoud = Math.abs(bytes.readInt16LE(index * 2)) > LOUD;
      if (isLoud && quiet >= QUIET_SAMPLES) beepsMs.push((position * 1000) / SAMPLE_RATE);
      quiet = isLoud ? 0 : quiet + 1;
    }
    odd = bytes.subarray(samples * 2);
  });
  return { beepsMs, soundMs: (position * 1000) / SAMPLE_RATE };
}

const ignore = () => undefined;

async function decode(
  decoder: readonly string[],
  [path = '', ...output]: readonly string[],
  errors: string[],
  onLine: (line: string) => void,
  onData: (chunk: Buffer) => void,
): Promise<void> {
  const args = [
    '-v',
    'level+info',
    '-nostats',
    '-nostdin',
    '-threads',
    '1',
    '-copyts',
    ...decoder,
    '-i',
    path,
    ...output,
  ];
  const child = spawn(findFfmpeg(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (/\[(error|fatal|panic)\]/.test(line)) errors.push(line);
      else onLine(line);
    }
  });
  child.stdout.on('data', onData);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) errors.push(`ffmpeg ended with ${code}`);
}
