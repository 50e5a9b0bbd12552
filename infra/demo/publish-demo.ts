/**
 * A participant made by the computer: a picture whose frames carry their number, with a white flash and a 1 kHz beep of
 * 50 ms together at every full second, on one clock. Published through LiveKit's own SDK, so that what arrives is what
 * real clients send.
 *
 * Frame n is shown at n / fps seconds, whatever the machine does meanwhile: a late one carries the time it was due.
 */
import { DegradationPreference, type GetSessionStatsCallback_Result, VideoEncoding } from '@livekit/rtc-ffi-bindings';
import {
  AudioFrame,
  AudioSource,
  dispose,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoCodec,
  VideoFrame,
  VideoSource,
} from '@livekit/rtc-node';
import { Sentence } from '../dev/prepare.mjs';
import { createDemoPicture } from './demo-picture.ts';

export const demoCodecs = {
  vp8: VideoCodec.VP8,
  h264: VideoCodec.H264,
  vp9: VideoCodec.VP9,
  av1: VideoCodec.AV1,
} as const;
export type DemoCodec = keyof typeof demoCodecs;

export interface DemoOptions {
  /** ws://… */
  url: string;
  /** May join one room and publish. */
  token: string;
  codec: DemoCodec;
  width: number;
  height: number;
  fps: number;
  simulcast: boolean;
  video: boolean;
  audio: boolean;
  /** Send next to nothing while it is silent, as clients do by default. */
  dtx: boolean;
  /** Unset: until `signal`. */
  seconds?: number;
  signal: AbortSignal;
  onPublished?: () => void;
}

export interface DemoResult {
  /** Given to the encoder: their numbers are 0 to frames - 1. */
  frames: number;
  /** What left for the server, as the SDK counts: fewer when this machine was too slow to encode them all. */
  framesSent: number;
  seconds: number;
}

const sampleRate = 48_000;
const chunkMs = 10;
const beepMs = 50;
const beepHz = 1000;
/** A flash lasts as long as the beep, and at least one frame. */
const flashMs = beepMs;
/**
 * Sound is handed over this much ahead: the SDK's sender reports take the moment at which a whole packet of 20 ms is there
 * and encoded for the moment of the packet's first sample. Measured: with 10 ms, beeps are 6 ms late by these reports.
 */
const audioLeadMs = 16;
/**
 * When this process was late, frames that are due follow each other no closer than this: the encoder keeps one waiting,
 * and drops it for the next one.
 */
const leastFrameGapMs = 15;
/**
 * Silence is sent for this long before the first frame: the connection has found its bandwidth then, so that the encoder
 * drops none of the first frames, and the first sender report of the sound is not made in the rush of the encoder's start.
 */
const warmUpMs = 500;
/** More than the flat picture ever needs: the encoder never drops a frame to stay below. */
const maxBitrate = 6_000_000n;
const lastFramesWithinMs = 3000;

/** Resolves when the last frame has left; rejects when the server refuses. */
export async function publishDemo(options: DemoOptions): Promise<DemoResult> {
  const room = new Room();
  try {
    await room.connect(options.url, options.token, { autoSubscribe: false, dynacast: false }).catch((error: Error) => {
      throw new Sentence(`The LiveKit server ${options.url} let nobody in: ${error.message}.`);
    });
    const videoSource = options.video ? new VideoSource(options.width, options.height) : undefined;
    // Without a queue of its own: what is captured now is sent now.
    const audioSource = options.audio ? new AudioSource(sampleRate, 1, 0) : undefined;
    if (videoSource) endBlackFrames(videoSource, options);
    await publishTracks(room, options, videoSource, audioSource);
    options.onPublished?.();
    const { frames, seconds } = await play(options, videoSource, audioSource);
    const framesSent = videoSource ? await lastFramesSent(room, frames) : 0;
    return { frames, framesSent, seconds };
  } finally {
    await room.disconnect();
    await dispose();
  }
}

/** Until it was given a first frame, the SDK sends black ones. This one is seen by nobody: nothing is published yet. */
function endBlackFrames(source: VideoSource, { width, height }: DemoOptions): void {
  source.captureFrame(
    new VideoFrame(createDemoPicture(width, height).data, width, height, VideoBufferType.I420),
    process.hrtime.bigint() / 1000n,
  );
}

async function publishTracks(
  room: Room,
  options: DemoOptions,
  videoSource: VideoSource | undefined,
  audioSource: AudioSource | undefined,
): Promise<void> {
  const participant = room.localParticipant;
  if (!participant) throw new Error('The server gave no place in the room.');
  if (audioSource) {
    const track = LocalAudioTrack.createAudioTrack('microphone', audioSource);
    await participant.publishTrack(
      track,
      new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: options.dtx }),
    );
  }
  if (videoSource) {
    const track = LocalVideoTrack.createVideoTrack('camera', videoSource);
    await participant.publishTrack(
      track,
      new TrackPublishOptions({
        source: TrackSource.SOURCE_CAMERA,
        videoCodec: demoCodecs[options.codec],
        simulcast: options.simulcast,
        videoEncoding: new VideoEncoding({ maxBitrate, maxFramerate: options.fps }),
        degradationPreference: DegradationPreference.MAINTAIN_FRAMERATE_AND_RESOLUTION,
      }),
    );
  }
}

/** Captures picture and sound as they become due, until the time is over. */
async function play(
  options: DemoOptions,
  videoSource: VideoSource | undefined,
  audioSource: AudioSource | undefined,
): Promise<{ frames: number; seconds: number }> {
  const { width, height, fps, signal } = options;
  const picture = createDemoPicture(width, height);
  const { silence, beep } = createSound();
  const framesWanted = options.seconds === undefined ? Number.POSITIVE_INFINITY : Math.round(options.seconds * fps);
  const chunksWanted = (framesWanted / fps) * (1000 / chunkMs);
  const start = performance.now() + warmUpMs;
  const startMicros = process.hrtime.bigint() / 1000n + BigInt(warmUpMs * 1000);
  let frames = 0;
  let chunks = -warmUpMs / chunkMs;
  let nextFrameMs = 0;
  let nextChunkMs = chunks * chunkMs - audioLeadMs;
  while (!signal.aborted && (frames < framesWanted || chunks < chunksWanted)) {
    const now = performance.now() - start;
    for (; chunks < chunksWanted && nextChunkMs <= now; chunks++, nextChunkMs += chunkMs) {
      const sound = chunks >= 0 && (chunks * chunkMs) % 1000 < beepMs ? beep : silence;
      void audioSource?.captureFrame(sound).catch(() => undefined);
    }
    if (frames < framesWanted && nextFrameMs <= now) {
      const dueMs = (frames * 1000) / fps;
      picture.draw(frames, dueMs, frames % fps < Math.max(1, (flashMs * fps) / 1000));
      videoSource?.captureFrame(
        new VideoFrame(picture.data, width, height, VideoBufferType.I420),
        startMicros + BigInt(Math.round(dueMs * 1000)),
      );
      frames++;
      nextFrameMs = Math.max((frames * 1000) / fps, performance.now() - start + Math.min(leastFrameGapMs, 500 / fps));
    }
    const waitMs = Math.min(nextChunkMs, nextFrameMs) + start - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
  }
  return { frames, seconds: Math.round(performance.now() - start) / 1000 };
}

/** 1 kHz fits ten times into 10 ms: the same chunk can follow itself. */
function createSound(): { silence: AudioFrame; beep: AudioFrame } {
  const samples = (sampleRate * chunkMs) / 1000;
  const tone = Int16Array.from(
    { length: samples },
    (_, i) => 16_000 * Math.sin((2 * Math.PI * beepHz * i) / sampleRate),
  );
  return {
    silence: new AudioFrame(new Int16Array(samples), sampleRate, 1, samples),
    beep: new AudioFrame(tone, sampleRate, 1, samples),
  };
}

/** Waits until every frame was sent, or no more are. */
async function lastFramesSent(room: Room, frames: number): Promise<number> {
  let sent = 0;
  let steadySince = performance.now();
  const from = steadySince;
  while (performance.now() - from < lastFramesWithinMs && performance.now() - steadySince < 1000) {
    const now = framesSentOf(await room.getRtcStats());
    if (now !== sent) steadySince = performance.now();
    sent = now;
    if (sent >= frames) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // Time for a packet that was lost to be asked for again.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return sent;
}

/** Of the largest layer: each layer counts for itself. */
function framesSentOf(stats: GetSessionStatsCallback_Result): number {
  const counts = stats.publisherStats.map((entry) =>
    entry.stats.case === 'outboundRtp' ? (entry.stats.value.outbound?.framesSent ?? 0) : 0,
  );
  return Math.max(0, ...counts);
}
