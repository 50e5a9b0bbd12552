import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../../storage/folder-store.ts';
import type { FinishedMedia, Medium, RecordingManifest, StoredSegment } from '../contract/media.ts';
import { Segmenter } from '../segment/segmenter.ts';
import { g711Samples, opusSamples, type Sample, videoSamples } from '../testing/encoded-samples.ts';
import { decode, probe } from '../testing/probe.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import { type FinaliseOptions, finalise } from './finalise.ts';

// ffmpeg encodes and decodes here, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const PREFIX = 'recordings/r/a/';

let folder: string;
let stored: { segment: StoredSegment; bytes: Buffer }[];
let store: FolderStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finalise-test-'));
  stored = [];
  store = await FolderStore.open(join(folder, 'store'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function timed(samples: readonly Sample[], framesPerSecond: number, startMicros = 0): TimedFrame[] {
  return samples.map((sample, index) => {
    const presentationMicros = startMicros + Math.round((index * 1_000_000) / framesPerSecond);
    const times = { presentationMicros, receivedAtMicros: presentationMicros, rtpTimestamp: 0 };
    return { ...sample, ...times, trackSid: sample.codec, afterLoss: false };
  });
}

function record(frames: readonly TimedFrame[], medium: Medium = 'camera', channels = 2): void {
  const segmenter = new Segmenter({
    medium,
    segmentMs: 1000,
    onSegment: ({ bytes, ...rest }) => {
      const key = `${PREFIX}${medium}/${rest.sequence}.${rest.container}`;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      stored.push({ segment: { ...rest, key, sizeBytes: bytes.length, sha256 }, bytes: Buffer.from(bytes) });
    },
  });
  const ordered = [...frames].sort((a, b) => a.presentationMicros - b.presentationMicros);
  // The segmenter puts what it is given into memory of its own, which is used again.
  for (const frame of ordered) segmenter.add({ ...frame }, channels);
  segmenter.close();
}

function manifest(): RecordingManifest {
  return {
    recordingId: '00000000-0000-4000-8000-000000000001',
    attemptId: '00000000-0000-4000-8000-000000000002',
    epoch: 1,
    startedAtUnixMs: 0,
    tracks: [],
    segments: stored.map(({ segment }) => segment),
    gaps: [],
  };
}

function finish(options: Partial<FinaliseOptions> = {}): Promise<FinishedMedia[]> {
  return finalise({
    manifest: manifest(),
    readSegment: async (segment, range) => {
      const bytes = stored.find((one) => one.segment.key === segment.key)?.bytes;
      if (!bytes) throw new Error('no such segment');
      return Buffer.from(range ? bytes.subarray(range.startByte, range.endByte + 1) : bytes);
    },
    store,
    objectPrefix: PREFIX,
    ...options,
  });
}

function pathOf(media: FinishedMedia | undefined): string {
  if (!media) throw new Error('no file');
  return join(folder, 'store', media.key);
}

function expectTimes(actual: number[] | undefined, frames: readonly TimedFrame[], startMs = 0): void {
  expect(actual).toHaveLength(frames.length);
  for (const [index, frame] of frames.entries()) {
    expect(Math.abs((actual?.[index] ?? 0) + startMs - frame.presentationMicros / 1000)).toBeLessThanOrEqual(1);
  }
}

/** Reads with a parser that knows nothing of how the file was made. */
async function packetsByMediabunny(path: string) {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const packets: Record<string, { timestamp: number; data: Buffer; type: string }[]> = {};
  for (const track of await input.getTracks()) {
    if (!track.isVideoTrack() && !track.isAudioTrack()) continue;
    const sink = new EncodedPacketSink(track);
    const read = [];
    for await (const { timestamp, data, type } of sink.packets())
      read.push({ timestamp, data: Buffer.from(data), type });
    packets[track.type] = read;
  }
  const durationS = await input.computeDuration();
  input.dispose();
  return { packets, durationS };
}

describe.each([
  { codec: 'vp8', container: 'webm' },
  { codec: 'vp9', container: 'webm' },
  { codec: 'av1', container: 'webm' },
  { codec: 'h264', container: 'mp4' },
  { codec: 'h265', container: 'mp4' },
] as const)('a finished file of $codec and Opus', ({ codec, container }) => {
  it('has every frame with its bytes and its time, the whole duration, and seeks', async () => {
    const video = timed(videoSamples({ codec, seconds: 5, keyframeInterval: 60 }), 30, 70_000);
    const audio = timed(opusSamples(5), 50);
    record([...video, ...audio]);
    const [media] = await finish();
    expect(media).toMatchObject({
      medium: 'camera',
      key: `${PREFIX}camera.${container}`,
      contentType: `video/${container}`,
      durationMs: 5070,
      startMs: 0,
    });
    const path = pathOf(media);
    const bytes = readFileSync(path);
    expect(media?.sizeBytes).toBe(bytes.length);
    expect(media?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(readdirSync(join(folder, 'store', '.incoming'))).toEqual([]);

    const file = probe(path);
    expectTimes(file.video?.times, video);
    expectTimes(file.audio?.times, audio);
    expect(file.video).toMatchObject({ keyframes: 3, width: 320, height: 180 });
    expect(Math.abs((file.durationMs ?? 0) - 5070)).toBeLessThanOrEqual(1);
    expect(decode(path)).toEqual({ errors: '', videoFrames: 150, sizes: ['320,180'] });
    // From 3 s on: starts at the keyframe before, without reading from the beginning.
    expect(decode(path, 3)).toMatchObject({ errors: '', videoFrames: 90 });

    const { packets, durationS } = await packetsByMediabunny(path);
    // It takes the last block of a WebM for an instant.
    expect(Math.abs(durationS - 5.07)).toBeLessThan(0.034);
    expect(packets.video?.map((packet) => packet.data)).toEqual(video.map((frame) => Buffer.from(frame.data)));
    expect(packets.audio?.map((packet) => packet.data)).toEqual(audio.map((frame) => Buffer.from(frame.data)));
    expectTimes(
      packets.video?.map((packet) => packet.timestamp * 1000),
      video,
    );
  });
});

describe('finalise', () => {
  it('puts the index of an MP4 in front of its media', async () => {
    record(timed(videoSamples({ codec: 'h264', seconds: 2 }), 30));
    const [media] = await finish();
    const bytes = readFileSync(pathOf(media));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(bytes.indexOf('moof')).toBe(-1);
  });

  it('is repeatable: the same segments make the same file', async () => {
    record([...timed(videoSamples({ codec: 'vp8', seconds: 2 }), 30), ...timed(opusSamples(2), 50)]);
    expect(await finish()).toEqual(await finish());
  });

  it('makes a file of sound alone', async () => {
    const audio = timed(opusSamples(3), 50);
    record(audio);
    const [media] = await finish();
    expect(media).toMatchObject({ key: `${PREFIX}camera.webm`, contentType: 'audio/webm', durationMs: 3000 });
    const file = probe(pathOf(media));
    expect(file.video).toBeUndefined();
    expectTimes(file.audio?.times, audio);
    expect(decode(pathOf(media)).errors).toBe('');
  });

  it.each(['vp8', 'h264'] as const)('joins sound recorded alone with the %s that came later', async (codec) => {
    const audio = timed(opusSamples(5), 50);
    const video = timed(videoSamples({ codec, seconds: 2 }), 30, 3_000_000);
    record([...audio, ...video]);
    expect(new Set(stored.map(({ segment }) => segment.part))).toEqual(new Set([1, 2]));
    const media = await finish();
    expect(media).toHaveLength(1);
    const file = probe(pathOf(media[0]));
    expectTimes(file.audio?.times, audio);
    expectTimes(file.video?.times, video);
    expect(decode(pathOf(media[0]))).toMatchObject({ errors: '', videoFrames: 60 });
  });

  it('goes on in a second file when the video codec changes, and says where it lies', async () => {
    const vp8 = timed(videoSamples({ codec: 'vp8', seconds: 2 }), 30);
    const h264 = timed(videoSamples({ codec: 'h264', seconds: 2 }), 30, 2_000_000);
    const audio = timed(opusSamples(4), 50);
    record([...vp8, ...h264, ...audio]);
    const media = await finish();
    expect(media.map(({ key, startMs, durationMs }) => ({ key, startMs, durationMs }))).toEqual([
      { key: `${PREFIX}camera.webm`, startMs: 0, durationMs: 2000 },
      { key: `${PREFIX}camera-2.mp4`, startMs: 2000, durationMs: 2000 },
    ]);
    expectTimes(probe(pathOf(media[0])).video?.times, vp8);
    const second = probe(pathOf(media[1]));
    expectTimes(second.video?.times, h264, 2000);
    expectTimes(second.audio?.times, audio.slice(100), 2000);
    for (const made of media) expect(decode(pathOf(made))).toMatchObject({ errors: '', videoFrames: 60 });
  });

  it.each([undefined, 'vp8', 'h264'] as const)('holds G.711 with %s', async (codec) => {
    const audio = timed(g711Samples('pcmu', 3), 50).filter((_, index) => index < 50 || index >= 100);
    const video = codec ? timed(videoSamples({ codec, seconds: 3 }), 30) : [];
    record([...audio, ...video], 'camera', 1);
    const media = await finish();
    expect(media).toMatchObject([{ key: `${PREFIX}camera.mp4`, contentType: `${codec ? 'video' : 'audio'}/mp4` }]);
    const file = probe(pathOf(media[0]));
    // The second in which nothing came is silence.
    const rounded = file.audio?.times.map(Math.round) ?? [];
    expect(rounded).toEqual(expect.arrayContaining(audio.map((frame) => frame.presentationMicros / 1000)));
    expect(Math.max(...rounded.map((time, index) => time - (rounded[index - 1] ?? 0)))).toBe(120);
    expect(decode(pathOf(media[0]))).toMatchObject({ errors: '', videoFrames: video.length });
  });

  it.each([1, 10, 60])('holds a medium with a hole of %i h and one whose picture changed size', async (hours) => {
    const before = timed(videoSamples({ codec: 'h264', seconds: 1, width: 160, height: 90 }), 30);
    const after = timed(videoSamples({ codec: 'h264', seconds: 1 }), 30, hours * 3_600_000_000);
    record([...before, ...after]);
    const media = await finish();
    const file = probe(pathOf(media[0]));
    expectTimes(file.video?.times, [...before, ...after]);
    expect(decode(pathOf(media[0]))).toEqual({ errors: '', videoFrames: 60, sizes: ['160,90', '320,180'] });
  });

  it('makes one file per medium, the screen beginning with its first frame', async () => {
    record(timed(opusSamples(4), 50));
    record(timed(videoSamples({ codec: 'vp9', seconds: 2 }), 30, 2_000_500), 'screen');
    const media = await finish();
    expect(media.map((made) => made.key)).toEqual([`${PREFIX}camera.webm`, `${PREFIX}screen.webm`]);
    expect(media[1]).toMatchObject({ medium: 'screen', startMs: 2000, durationMs: 2001, contentType: 'video/webm' });
    expect(probe(pathOf(media[1])).video?.times[0]).toBeLessThanOrEqual(1);
  });

  it('writes the manifest beside the files', async () => {
    record(timed(opusSamples(1), 50));
    await finish();
    expect(JSON.parse(readFileSync(join(folder, 'store', PREFIX, 'manifest.json'), 'utf8'))).toEqual(manifest());
  });

  it('names the segment that cannot be read and leaves nothing behind', async () => {
    record(timed(videoSamples({ codec: 'vp8', seconds: 2 }), 30));
    const second = stored[1];
    second?.bytes.fill(0, second.segment.headerBytes);
    await expect(finish()).rejects.toMatchObject({ reason: 'finalise.damaged-segment' });
    await expect(finish()).rejects.toThrow(`${PREFIX}camera/2.webm`);
    expect(readdirSync(join(folder, 'store'))).toEqual(['.incoming']);
    expect(readdirSync(join(folder, 'store', '.incoming'))).toEqual([]);
  });
});
