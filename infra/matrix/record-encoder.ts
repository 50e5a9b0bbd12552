/**
 * Records publishers that encode while they publish: @livekit/rtc-node in a process of its own, and Chromium with
 * livekit-client. Which frames they send is their encoder's decision; what is known is how many, and the number in each.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AccessToken } from 'livekit-server-sdk';
import { projectFolder } from '../dev/prepare.mjs';
import { ChromiumPublisher } from './chromium/chromium-publisher.ts';
import type { PagePlan } from './chromium/publisher-page.ts';
import { PATIENCE_MS, type Recorder, type Stage, startRecorder, stopRecorder } from './perform-case.ts';
import { type ReadBack, readBack } from './read-back.ts';

export interface EncoderCase {
  name: string;
  /** Until so many frames are recorded. */
  frames: number;
  publisher:
    | { kind: 'rtc-node'; codec: 'vp8' | 'vp9' | 'h264' | 'av1'; seconds: number; simulcast?: boolean }
    | { kind: 'chromium'; plan: Partial<PagePlan> & Pick<PagePlan, 'codec'> };
}

export interface RecordedEncoder {
  recorded: Awaited<ReturnType<typeof stopRecorder>>;
  seen: ReadBack[];
  /** Pictures given to its encoder, numbered from 0. */
  drawn: number;
  /** Of them, what it sent. */
  framesSent: number;
  /** For a person: encoder and layers, where they are told. */
  how: string;
}

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES_PER_SECOND = 20;

export async function recordEncoder(stage: Stage, { publisher, frames }: EncoderCase): Promise<RecordedEncoder> {
  const room = `encoder-${randomUUID()}`;
  const recorder = await startRecorder(stage, room, 'alice');
  try {
    const { drawn, framesSent, how } =
      publisher.kind === 'rtc-node'
        ? await publishByRtcNode(stage, room, publisher)
        : await publishByChromium(stage, room, publisher.plan, recorder, frames);
    const recorded = await stopRecorder(recorder);
    const seen: ReadBack[] = [];
    for (const { path, contentType } of recorded.files) {
      const codecOf = (kind: 'video' | 'audio') => recorded.tracks.find((track) => track.kind === kind)?.codec;
      const video = contentType.startsWith('video/') ? codecOf('video') : undefined;
      seen.push(await readBack(path, { video, audio: codecOf('audio') !== undefined }));
    }
    return { recorded, seen, drawn, framesSent, how };
  } finally {
    recorder.recording.obey('stop');
    await recorder.outcome;
  }
}

async function publishByRtcNode(
  { livekit }: Stage,
  room: string,
  { codec, seconds, simulcast }: Extract<EncoderCase['publisher'], { kind: 'rtc-node' }>,
): Promise<Pick<RecordedEncoder, 'drawn' | 'framesSent' | 'how'>> {
  const args = [
    ...['--room', room, '--identity', 'alice', '--codec', codec, '--size', `${WIDTH}x${HEIGHT}`],
    ...['--fps', String(FRAMES_PER_SECOND), '--seconds', String(seconds)],
    ...(simulcast ? ['--simulcast'] : []),
  ];
  const env = {
    ...process.env,
    LIVEKIT_URL: livekit.url,
    LIVEKIT_API_KEY: livekit.apiKey,
    LIVEKIT_API_SECRET: livekit.apiSecret,
  };
  const main = join(projectFolder, '.build', 'infra', 'demo', 'main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { env });
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { frames: number; framesSent: number };
  return { drawn: result.frames, framesSent: result.framesSent, how: `rtc-node${simulcast ? ', simulcast' : ''}` };
}

async function publishByChromium(
  { livekit }: Stage,
  room: string,
  plan: Partial<PagePlan> & Pick<PagePlan, 'codec'>,
  { recording }: Recorder,
  frames: number,
): Promise<Pick<RecordedEncoder, 'drawn' | 'framesSent' | 'how'>> {
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: 'alice', ttl: 600 });
  token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: false });
  const publisher = await ChromiumPublisher.start({
    url: livekit.url,
    token: await token.toJwt(),
    width: WIDTH,
    height: HEIGHT,
    framesPerSecond: FRAMES_PER_SECOND,
    simulcast: false,
    red: true,
    dtx: false,
    audio: true,
    ...plan,
  });
  try {
    const untilMs = performance.now() + PATIENCE_MS;
    const framesOf = () => recording.snapshot().tracks.find(({ kind }) => kind === 'video')?.frames ?? 0;
    while (framesOf() < frames) {
      if (performance.now() > untilMs) {
        const facts = JSON.stringify([recording.snapshot(), await publisher.counts()]);
        throw new Error(`Not ${frames} frames in time: ${facts}`);
      }
      await delay(50);
    }
    const { drawn, framesSent, scalabilityMode, width, height } = await publisher.freeze();
    // Chromium counts each spatial layer for itself.
    const spatialLayers = Number(/^[LS](\d)/.exec(scalabilityMode)?.[1] ?? 1);
    const how = `Chromium ${scalabilityMode} ${width}x${height}${plan.simulcast ? ', simulcast' : ''}`;
    return { drawn, framesSent: framesSent / spatialLayers, how };
  } finally {
    await publisher.leave();
  }
}
