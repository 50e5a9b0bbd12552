/** When a file shows flashes and sounds beeps, found by decoding it with ffmpeg: seconds of presentation time. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { isFlash } from '../../infra/demo/demo-picture.ts';
import { findFfmpeg } from '../../infra/publisher/clip/find-ffmpeg.ts';

const PICTURE = { width: 160, height: 90 };
const SAMPLE_RATE = 48_000;
/** A beep begins with a sample this loud after this much silence. */
const LOUD = 3000;
const SILENCE_SAMPLES = SAMPLE_RATE / 10;

/** The first picture of each flash. */
export async function flashTimes(path: string): Promise<number[]> {
  const times = await pictureTimes(path);
  const size = PICTURE.width * PICTURE.height;
  const flashes: number[] = [];
  let wasFlash = false;
  let index = 0;
  let rest: Buffer = Buffer.alloc(0);
  const scale = ['-fps_mode', 'passthrough', '-vf', `scale=${PICTURE.width}:${PICTURE.height}`, '-pix_fmt', 'gray'];
  await decode(['-i', path, '-map', '0:v:0', ...scale, '-f', 'rawvideo', '-'], (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (; at + size <= rest.length; at += size) {
      const flash = isFlash(rest.subarray(at, at + size), PICTURE.width, PICTURE.height);
      const time = times[index];
      if (flash && !wasFlash && time !== undefined) flashes.push(time);
      wasFlash = flash;
      index += 1;
    }
    rest = rest.subarray(at);
  });
  return flashes;
}

/** The first loud sample of each beep. */
export async function beepTimes(path: string): Promise<number[]> {
  const beeps: number[] = [];
  let position = 0;
  let quiet = SILENCE_SAMPLES;
  let odd: Buffer = Buffer.alloc(0);
  // Holes in time are filled with silence, so that the place of a sample is its time.
  const sound = ['-af', `aresample=${SAMPLE_RATE}:async=1:first_pts=0`, '-ac', '1', '-f', 's16le', '-'];
  await decode(['-i', path, '-map', '0:a:0', ...sound], (chunk) => {
    const bytes = odd.length === 0 ? chunk : Buffer.concat([odd, chunk]);
    const samples = bytes.length >> 1;
    for (let index = 0; index < samples; index++, position++) {
      const isLoud = Math.abs(bytes.readInt16LE(index * 2)) > LOUD;
      if (isLoud && quiet >= SILENCE_SAMPLES) beeps.push(position / SAMPLE_RATE);
      quiet = isLoud ? 0 : quiet + 1;
    }
    odd = bytes.subarray(samples * 2);
  });
  return beeps;
}

async function pictureTimes(path: string): Promise<number[]> {
  const ffprobe = process.env.FFPROBE_PATH || 'ffprobe';
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path];
  const { stdout } = await promisify(execFile)(ffprobe, args, { maxBuffer: 256 << 20 });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Number.parseFloat(line)]));
}

async function decode(args: readonly string[], onData: (chunk: Buffer) => void): Promise<void> {
  const child = spawn(findFfmpeg(), ['-v', 'error', '-nostdin', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  child.stdout.on('data', onData);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${said}`);
}
