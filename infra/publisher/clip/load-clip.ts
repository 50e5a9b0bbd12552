/**
 * Clip plan → clip. Encoded by ffmpeg the first time, then read from the user's cache, where a file is named by the hash
 * of everything that made it: encoding in real time would cost more than everything that is measured with it.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDemoPicture, type DemoPicture } from '../../demo/demo-picture.ts';
import type { Clip, ClipFrame } from './clip.ts';
import type { AudioClipPlan, ClipPlan, VideoClipPlan } from './clip-plan.ts';
import {
  drawnPictureInput,
  fileExtension,
  hardPictureInput,
  soundArguments,
  temporalPattern,
  videoArguments,
} from './encoder-arguments.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { isKeyUnit, readAnnexB } from './read-annex-b.ts';
import { readIvf } from './read-ivf.ts';
import { obuType, readObus, SEQUENCE_HEADER } from './read-obus.ts';
import { readOggOpus } from './read-ogg-opus.ts';

const VIDEO_CLOCK_RATE = 90_000;
const AUDIO_PACKETS_PER_SECOND = 50;

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'participant-recorder', 'clips');
}

/** One at a time per plan within this process. */
const loading = new Map<string, Promise<Clip>>();

/** The whole clip in memory; the first time takes as long as encoding it. */
export function loadClip(plan: ClipPlan): Promise<Clip> {
  const key = JSON.stringify(plan);
  const clip = loading.get(key) ?? readClip(plan);
  loading.set(key, clip);
  clip.catch(() => loading.delete(key));
  return clip;
}

async function readClip(plan: ClipPlan): Promise<Clip> {
  const bytes = await encodedBytes(plan);
  const clip = plan.kind === 'video' ? videoClip(plan, bytes) : audioClip(plan, bytes);
  const wanted = plan.seconds * (plan.kind === 'video' ? plan.framesPerSecond : AUDIO_PACKETS_PER_SECOND);
  if (clip.frames.length !== wanted || !clip.frames[0]?.isKeyframe) {
    throw new Error(`ffmpeg made ${clip.frames.length} frames instead of ${wanted} for ${JSON.stringify(plan)}.`);
  }
  return clip;
}

async function encodedBytes(plan: ClipPlan): Promise<Buffer> {
  const drawn = plan.kind === 'video' && plan.picture === 'numbered';
  const args =
    plan.kind === 'audio'
      ? soundArguments(plan)
      : [...(drawn ? drawnPictureInput(plan) : hardPictureInput(plan)), ...videoArguments(plan)];
  const identity = JSON.stringify([args, plan.seconds, drawn ? pictureHash(plan) : '']);
  const name = createHash('sha256').update(identity).digest('hex').slice(0, 24);
  const extension = fileExtension(plan.kind === 'audio' ? plan.codec : plan.encoder);
  const path = join(cacheFolder(), `${name}.${extension}`);
  const cached = await readFile(path).catch(() => undefined);
  if (cached) return cached;

  await mkdir(cacheFolder(), { recursive: true });
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    const all = ['-v', 'error', ...(drawn ? [] : ['-nostdin']), '-y', ...args, unfinished];
    if (drawn) await encodeDrawn(plan, all);
    else await promisify(execFile)(findFfmpeg(), all);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return readFile(path);
}

/** Changes when the drawing does. */
function pictureHash(plan: VideoClipPlan): string {
  const picture = createDemoPicture(plan.width, plan.height);
  const hash = createHash('sha256');
  for (const number of [0, plan.framesPerSecond + 3]) {
    drawPicture(picture, number, plan.framesPerSecond);
    hash.update(picture.data);
  }
  return hash.digest('hex');
}

const FLASH_MS = 50;

function drawPicture(picture: DemoPicture, number: number, framesPerSecond: number): void {
  const timeMs = (number * 1000) / framesPerSecond;
  picture.draw(number, timeMs, timeMs % 1000 < FLASH_MS);
}

async function encodeDrawn(plan: VideoClipPlan, args: string[]): Promise<void> {
  const child = spawn(findFfmpeg(), args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  // Its exit code tells; a broken pipe only repeats it.
  child.stdin.on('error', () => undefined);
  const closed = once(child, 'close');
  const picture = createDemoPicture(plan.width, plan.height);
  for (let number = 0; number < plan.seconds * plan.framesPerSecond && child.exitCode === null; number++) {
    drawPicture(picture, number, plan.framesPerSecond);
    // The picture is drawn into the same buffer again; a pipe keeps what it was given until it is read.
    if (!child.stdin.write(Buffer.from(picture.data))) await Promise.race([once(child.stdin, 'drain'), closed]);
  }
  child.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${said}`);
}

function videoClip(plan: VideoClipPlan, bytes: Buffer): Clip {
  const pattern = temporalPattern[plan.temporalLayers];
  const frames = videoFrames(plan, bytes).map((frame, index) => ({
    ...frame,
    temporalLayer: frame.isKeyframe ? 0 : (pattern[index % pattern.length] ?? 0),
  }));
  return {
    codec: codecOf(plan.encoder),
    encoder: plan.encoder,
    kind: 'video',
    clockRate: VIDEO_CLOCK_RATE,
    frameTicks: VIDEO_CLOCK_RATE / plan.framesPerSecond,
    frames,
    bitrateBps: bitrate(frames, plan.seconds),
    width: plan.width,
    height: plan.height,
    channels: 0,
    temporalLayers: plan.temporalLayers,
  };
}

function codecOf(encoder: VideoClipPlan['encoder']): Clip['codec'] {
  if (encoder === 'vp9-profile2') return 'vp9';
  if (encoder === 'vp8' || encoder === 'vp9' || encoder === 'av1' || encoder === 'h265') return encoder;
  return 'h264';
}

function videoFrames({ encoder }: VideoClipPlan, bytes: Buffer): Omit<ClipFrame, 'temporalLayer'>[] {
  switch (encoder) {
    case 'vp8':
      return readIvf(bytes).frames.map((data) => ({ units: [data], isKeyframe: ((data[0] ?? 1) & 1) === 0 }));
    case 'vp9':
    case 'vp9-profile2':
      return readIvf(bytes).frames.map((data) => ({ units: [data], isKeyframe: isVp9Keyframe(data[0] ?? 0) }));
    case 'av1':
      return readIvf(bytes).frames.map((data) => {
        const units = readObus(data);
        return { units, isKeyframe: units.some((unit) => obuType(unit) === SEQUENCE_HEADER) };
      });
    default: {
      const codec = encoder === 'h265' ? 'h265' : 'h264';
      return readAnnexB(bytes, codec).map((units) => ({
        units,
        isKeyframe: units.some((unit) => isKeyUnit(unit, codec)),
      }));
    }
  }
}

/** Uncompressed header (VP9 specification section 6.2): marker 2, profile 2, show_existing_frame, frame_type 0 = key. */
function isVp9Keyframe(first: number): boolean {
  const profile = ((first >> 5) & 1) | ((first >> 3) & 2);
  const rest = profile === 3 ? first << 1 : first;
  return (rest & 0b1100) === 0;
}

function audioClip(plan: AudioClipPlan, bytes: Buffer): Clip {
  const packets = plan.codec === 'opus' ? readOggOpus(bytes).packets : slices(bytes, 160 * plan.channels);
  const frames = packets
    .slice(0, plan.seconds * AUDIO_PACKETS_PER_SECOND)
    .map((data) => ({ units: [data], isKeyframe: true, temporalLayer: 0 }));
  const clockRate = plan.codec === 'opus' ? 48_000 : 8000;
  return {
    codec: plan.codec,
    encoder: plan.codec,
    kind: 'audio',
    clockRate,
    frameTicks: clockRate / AUDIO_PACKETS_PER_SECOND,
    frames,
    bitrateBps: bitrate(frames, plan.seconds),
    width: 0,
    height: 0,
    channels: plan.channels,
    temporalLayers: 1,
  };
}

function slices(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function bitrate(frames: readonly Omit<ClipFrame, 'temporalLayer'>[], seconds: number): number {
  let total = 0;
  for (const frame of frames) for (const unit of frame.units) total += unit.length;
  return Math.round((total * 8) / seconds);
}
