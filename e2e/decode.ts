/**
 * Reads a finished file back with ffmpeg and ffprobe, which are not ours: its structure, every picture, every sound.
 */
import { execFileSync, spawn } from 'node:child_process';

const ffmpeg = process.env.FFMPEG_PATH ?? 'ffmpeg';
const ffprobe = process.env.FFPROBE_PATH ?? 'ffprobe';

export interface ProbedStream {
  codecName: string;
  kind: 'video' | 'audio';
  width?: number;
  height?: number;
}

export function probe(path: string): { streams: ProbedStream[]; durationS: number; formatName: string } {
  const text = execFileSync(
    ffprobe,
    [
      '-v',
      'error',
      '-show_entries',
      'stream=codec_name,codec_type,width,height:format=duration,format_name',
      '-of',
      'json',
      path,
    ],
    { encoding: 'utf8' },
  );
  const parsed = JSON.parse(text) as {
    streams: { codec_name: string; codec_type: 'video' | 'audio'; width?: number; height?: number }[];
    format: { duration: string; format_name: string };
  };
  return {
    streams: parsed.streams.map((stream) => ({
      codecName: stream.codec_name,
      kind: stream.codec_type,
      width: stream.width,
      height: stream.height,
    })),
    durationS: Number(parsed.format.duration),
    formatName: parsed.format.format_name,
  };
}

/** Decodes everything; returns what ffmpeg complained about (nothing, for a sound file). */
export async function decodeErrors(path: string): Promise<string> {
  // In the file's own ticks: in those of a guessed frame rate two pictures may fall on one.
  const ticks = ['-fps_mode', 'passthrough', '-enc_time_base:v', '-1'];
  const { stderr } = await run(ffmpeg, ['-v', 'error', '-i', path, ...ticks, '-f', 'null', '-'], () => {});
  return stderr.trim();
}

/** Presentation times of every picture, in seconds, in file order. */
export function pictureTimes(path: string): number[] {
  return execFileSync(
    ffprobe,
    ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path],
    { encoding: 'utf8', maxBuffer: 64 << 20 },
  )
    .split('\n')
    .map((line) => line.replace(/,.*$/, ''))
    .filter((line) => line !== '')
    .map(Number);
}

/** Hands every decoded picture, as 8-bit luma of the given size, to `onPicture`; nothing is dropped or doubled. */
export async function eachPicture(
  path: string,
  size: { width: number; height: number },
  onPicture: (luma: Uint8Array, index: number) => void,
): Promise<void> {
  const pictureBytes = size.width * size.height;
  let pending: Buffer = Buffer.alloc(0);
  let index = 0;
  await run(
    ffmpeg,
    [
      '-v',
      'error',
      '-i',
      path,
      '-map',
      '0:v:0',
      '-fps_mode',
      'passthrough',
      '-vf',
      `scale=${size.width}:${size.height}`,
    ].concat(['-pix_fmt', 'gray', '-f', 'rawvideo', '-']),
    (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      let offset = 0;
      for (; offset + pictureBytes <= pending.length; offset += pictureBytes) {
        onPicture(pending.subarray(offset, offset + pictureBytes), index++);
      }
      pending = pending.subarray(offset);
    },
  );
}

const sampleRate = 48_000;

/** Moments at which a tone begins after silence, in seconds of the file's time. */
export async function toneStarts(path: string): Promise<number[]> {
  const chunks: Buffer[] = [];
  // aresample's async fills holes in time with silence, so that a sample's index is its time.
  await run(
    ffmpeg,
    ['-v', 'error', '-i', path, '-map', '0:a:0', '-af', `aresample=${sampleRate}:async=1:first_pts=0`].concat([
      '-ac',
      '1',
      '-f',
      's16le',
      '-',
    ]),
    (chunk) => chunks.push(chunk),
  );
  const bytes = Buffer.concat(chunks);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  // 1 ms windows: loud after at least 100 quiet ones is a start.
  const windowSamples = sampleRate / 1000;
  const starts: number[] = [];
  let quietMs = 1000;
  for (let from = 0; from + windowSamples <= samples.length; from += windowSamples) {
    let peak = 0;
    for (let i = from; i < from + windowSamples; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    if (peak > 3000) {
      if (quietMs >= 100) starts.push(from / sampleRate);
      quietMs = 0;
    } else {
      quietMs++;
    }
  }
  return starts;
}

async function run(command: string, args: string[], onData: (chunk: Buffer) => void): Promise<{ stderr: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stdout.on('data', onData);
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return { stderr };
}
