/** For tests: what ffprobe and ffmpeg, which are not ours, see in a file. */
import { execFileSync, spawnSync } from 'node:child_process';
import { z } from 'zod';
import { ffmpegPath, ffprobePath } from './encoded-samples.ts';

const OPUS_DELAY_MS = 6.5;

const probeSchema = z.object({
  streams: z.array(
    z.object({
      index: z.number(),
      codec_name: z.string(),
      codec_type: z.enum(['video', 'audio']),
      codec_tag_string: z.string(),
      width: z.number().optional(),
      height: z.number().optional(),
      channels: z.number().optional(),
      duration: z.string().optional(),
    }),
  ),
  format: z.object({ format_name: z.string(), duration: z.string().optional() }),
  packets: z.array(
    z.object({ stream_index: z.number(), pts_time: z.string(), size: z.string(), flags: z.string(), pos: z.string() }),
  ),
});

export interface ProbedTrack {
  codec: string;
  tag: string;
  width?: number;
  height?: number;
  channels?: number;
  /**
   * Presentation times of all packets, in milliseconds. For sound, of what went into the encoder: ffprobe has taken the
   * codec's delay off.
   */
  times: number[];
  sizes: number[];
  keyframes: number;
}

export interface ProbedFile {
  format: string;
  durationMs: number | undefined;
  video?: ProbedTrack;
  audio?: ProbedTrack;
}

export function probe(path: string): ProbedFile {
  const output = execFileSync(
    ffprobePath,
    ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', '-show_packets', path],
    { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const found = probeSchema.parse(JSON.parse(output));
  const file: ProbedFile = {
    format: found.format.format_name,
    durationMs: found.format.duration === undefined ? undefined : Math.round(Number(found.format.duration) * 1000),
  };
  for (const stream of found.streams) {
    const packets = found.packets.filter((packet) => packet.stream_index === stream.index);
    file[stream.codec_type] = {
      codec: stream.codec_name,
      tag: stream.codec_tag_string,
      width: stream.width,
      height: stream.height,
      channels: stream.channels,
      times: packets.map(
        (packet) => Number(packet.pts_time) * 1000 + (stream.codec_name === 'opus' ? OPUS_DELAY_MS : 0),
      ),
      sizes: packets.map((packet) => Number(packet.size)),
      keyframes: packets.filter((packet) => packet.flags.startsWith('K')).length,
    };
  }
  return file;
}

export interface DecodedFile {
  /** Everything ffmpeg complained about; empty when it decoded without an error. */
  errors: string;
  videoFrames: number;
  /** Sizes of decoded pictures, each once, in order of appearance. */
  sizes: string[];
}

/** @param fromSeconds seeks there first */
export function decode(path: string, fromSeconds = 0): DecodedFile {
  const errors: string[] = [];
  const run = (args: string[]) => {
    const result = spawnSync(ffmpegPath, ['-v', 'error', '-nostdin', '-threads', '1', ...args], {
      maxBuffer: 1 << 30,
      encoding: 'utf8',
    });
    if (result.status !== 0 || result.stderr) errors.push(result.stderr || `exit ${result.status}`);
    return result.stdout;
  };
  run([
    '-ss',
    String(fromSeconds),
    '-i',
    path,
    '-map',
    '0:a?',
    '-map',
    '0:v?',
    '-fps_mode',
    'passthrough',
    // In the file's own ticks: in those of a guessed frame rate two frames would share one, which is an error.
    '-enc_time_base:v',
    '-1',
    '-f',
    'null',
    '-',
  ]);
  const frames = execFileSync(
    ffprobePath,
    [
      ...['-v', 'quiet', '-select_streams', 'v', '-read_intervals', `${fromSeconds}%`],
      ...['-show_entries', 'frame=width,height', '-of', 'csv=p=0', path],
    ],
    { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  // Frames with side data end in another comma.
  const sizes = frames.match(/^\d+,\d+/gm) ?? [];
  return { errors: errors.join('\n'), videoFrames: sizes.length, sizes: [...new Set(sizes)] };
}
