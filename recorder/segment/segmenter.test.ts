import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { g711Samples, opusSamples, type Sample, videoSamples } from '../testing/encoded-samples.ts';
import { decode, probe } from '../testing/probe.ts';
import type { TimedFrame } from '../timeline/timed-frame.ts';
import type { Segment } from './segment.ts';
import { Segmenter } from './segmenter.ts';

// ffmpeg encodes and decodes here, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'segmenter-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Frames at a steady pace, as the timeline would deliver them. */
function timed(samples: readonly Sample[], framesPerSecond: number, startMicros = 0): TimedFrame[] {
  return samples.map((sample, index) => {
    const presentationMicros = startMicros + Math.round((index * 1_000_000) / framesPerSecond);
    return {
      ...sample,
      trackSid: sample.codec,
      presentationMicros,
      rtpTimestamp: 0,
      afterLoss: false,
      receivedAtMicros: presentationMicros,
    };
  });
}

function byTime(...tracks: TimedFrame[][]): TimedFrame[] {
  return tracks.flat().sort((a, b) => a.presentationMicros - b.presentationMicros);
}

function cut(frames: readonly TimedFrame[], options: { segmentMs?: number; maximumBytes?: number } = {}): Segment[] {
  const segments: Segment[] = [];
  const segmenter = new Segmenter({
    medium: 'camera',
    segmentMs: options.segmentMs ?? 1000,
    maximumBytes: options.maximumBytes,
    onSegment: (segment) => segments.push(segment),
  });
  for (const frame of frames) segmenter.add(frame);
  segmenter.close();
  return segments;
}

/** Segment 1 whole, and what follows its header of the others. */
function joined(segments: readonly Segment[]): string {
  const path = join(folder, `${Math.random()}.${segments[0]?.container}`);
  const pieces = segments.map((segment, index) => segment.bytes.subarray(index === 0 ? 0 : segment.headerBytes));
  writeFileSync(path, Buffer.concat(pieces));
  return path;
}

function expectTimes(actual: number[] | undefined, frames: readonly TimedFrame[]): void {
  expect(actual).toHaveLength(frames.length);
  for (const [index, frame] of frames.entries()) {
    expect(Math.abs((actual?.[index] ?? 0) - frame.presentationMicros / 1000)).toBeLessThanOrEqual(1);
  }
}

describe.each([
  { codec: 'vp8', container: 'webm', tag: '[0][0][0][0]' },
  { codec: 'vp9', container: 'webm', tag: '[0][0][0][0]' },
  { codec: 'av1', container: 'webm', tag: '[0][0][0][0]' },
  { codec: 'h264', container: 'mp4', tag: 'avc1' },
  { codec: 'h265', container: 'mp4', tag: 'hvc1' },
] as const)('$codec', ({ codec, container, tag }) => {
  it('with Opus: segments joined make a file with every frame at its time that ffmpeg decodes', () => {
    const video = timed(videoSamples({ codec, seconds: 5 }), 30, 70_000);
    const audio = timed(opusSamples(5), 50);
    const segments = cut(byTime(video, audio));
    expect(segments.map((segment) => segment.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(segments.map((segment) => `${segment.part} ${segment.container} ${segment.hasVideo}`))).toEqual(
      new Set([`1 ${container} true`]),
    );
    const path = joined(segments);
    const file = probe(path);
    expect(file.video).toMatchObject({ width: 320, height: 180, tag });
    expect(file.audio).toMatchObject({ codec: 'opus', channels: 2 });
    expectTimes(file.video?.times, video);
    expectTimes(file.audio?.times, audio);
    expect(file.video?.sizes).toEqual(video.map((frame) => frame.data.length));
    expect(file.video?.keyframes).toBe(1);
    expect(decode(path)).toEqual({ errors: '', videoFrames: 150, sizes: ['320,180'] });
  });

  it('alone: each segment is a file of its own with absolute times', () => {
    const video = timed(videoSamples({ codec, seconds: 3, keyframeInterval: 15 }), 30);
    const segments = cut(video);
    for (const [index, segment] of segments.entries()) {
      const path = joined([segment]);
      const file = probe(path);
      expect(file.audio).toBeUndefined();
      expectTimes(file.video?.times, video.slice(index * 30, index * 30 + 30));
      expect(decode(path)).toMatchObject({ errors: '', videoFrames: 30 });
    }
  });

  it('is read the same after its picture changes size within a part', () => {
    const small = timed(videoSamples({ codec, seconds: 2, width: 160, height: 90 }), 30);
    const large = timed(videoSamples({ codec, seconds: 2 }), 30, 2_000_000);
    const segments = cut([...small, ...large], { segmentMs: 700 });
    expect(segments.at(-1)?.part).toBe(1);
    expect(decode(joined(segments))).toEqual({ errors: '', videoFrames: 120, sizes: ['160,90', '320,180'] });
    // A later segment by itself has the new size in its header.
    expect(probe(joined(segments.slice(-1))).video).toMatchObject({ width: 320, height: 180 });
  });
});

describe('Segmenter', () => {
  it('writes sound alone as WebM', () => {
    const audio = timed(opusSamples(3, 1), 50);
    const segments = cut(audio);
    expect(segments).toHaveLength(3);
    expect(segments[0]).toMatchObject({ container: 'webm', hasVideo: false });
    const path = joined(segments);
    expectTimes(probe(path).audio?.times, audio);
    expect(decode(path).errors).toBe('');
  });

  it.each([
    ['pcmu', undefined, 'pcm_mulaw'],
    ['pcma', 'vp8', 'pcm_alaw'],
    ['pcmu', 'vp9', 'pcm_mulaw'],
    ['pcmu', 'av1', 'pcm_mulaw'],
    ['pcma', 'h264', 'pcm_alaw'],
  ] as const)('puts %s with %s into MP4', (audioCodec, videoCodec, name) => {
    const segments: Segment[] = [];
    const segmenter = new Segmenter({ medium: 'camera', segmentMs: 1000, onSegment: (made) => segments.push(made) });
    const audio = timed(g711Samples(audioCodec, 3), 50);
    const video = videoCodec ? timed(videoSamples({ codec: videoCodec, seconds: 3 }), 30) : [];
    for (const frame of byTime(audio, video)) segmenter.add(frame, 1);
    segmenter.close();
    expect(new Set(segments.map((segment) => `${segment.part} ${segment.container}`))).toEqual(new Set(['1 mp4']));
    const path = joined(segments);
    const file = probe(path);
    expect(file.audio).toMatchObject({ codec: name, channels: 1 });
    expectTimes(file.audio?.times, audio);
    if (videoCodec) expectTimes(file.video?.times, video);
    expect(decode(path)).toMatchObject({ errors: '', videoFrames: video.length });
  });

  it('puts tracks that start within the first segment into the first part, whatever comes first', () => {
    const audio = timed(opusSamples(3), 50);
    const video = timed(videoSamples({ codec: 'h264', seconds: 2 }), 30, 900_000);
    const segments = cut(byTime(audio, video));
    expect(segments.map((segment) => `${segment.part} ${segment.container}`)).toEqual(['1 mp4', '1 mp4', '1 mp4']);
    expect(segments[0]?.startMicros).toBe(0);
  });

  it.each([
    ['vp8', ['1 webm', '1 webm', '2 webm', '2 webm']],
    ['h264', ['1 webm', '1 webm', '2 mp4', '2 mp4']],
  ] as const)('begins a part when %s is added later', (codec, parts) => {
    const audio = timed(opusSamples(4), 50);
    const video = timed(videoSamples({ codec, seconds: 2 }), 30, 2_500_000).slice(0, 45);
    const segments = cut(byTime(audio, video));
    expect(segments.map((segment) => `${segment.part} ${segment.container}`)).toEqual(parts);
    expect(segments.map((segment) => segment.hasVideo)).toEqual([false, false, true, true]);
    const second = joined(segments.slice(2));
    expectTimes(probe(second).audio?.times, audio.slice(100));
    expectTimes(probe(second).video?.times, video);
    expect(decode(second).errors).toBe('');
  });

  it('cuts at once and begins a part when the codec changes', () => {
    const vp8 = timed(videoSamples({ codec: 'vp8', seconds: 2 }), 30).slice(0, 45);
    const h264 = timed(videoSamples({ codec: 'h264', seconds: 2 }), 30, 1_500_000);
    const vp9 = timed(videoSamples({ codec: 'vp9', seconds: 1 }), 30, 3_500_000);
    const segments = cut([...vp8, ...h264, ...vp9]);
    expect(segments.map((segment) => `${segment.part} ${segment.container}`)).toEqual([
      ...['1 webm', '1 webm'],
      ...['2 mp4', '2 mp4'],
      '3 webm',
    ]);
    expect(decode(joined(segments.slice(0, 2)))).toMatchObject({ errors: '', videoFrames: 45 });
    expect(decode(joined(segments.slice(2, 4)))).toMatchObject({ errors: '', videoFrames: 60 });
    expect(decode(joined(segments.slice(4)))).toMatchObject({ errors: '', videoFrames: 30 });
  });

  it('begins a part when the number of channels changes', () => {
    const segments: Segment[] = [];
    const segmenter = new Segmenter({ medium: 'camera', segmentMs: 1000, onSegment: (made) => segments.push(made) });
    for (const frame of timed(opusSamples(1, 1), 50)) segmenter.add(frame, 1);
    for (const frame of timed(opusSamples(1, 2), 50, 1_000_000)) segmenter.add(frame, 2);
    segmenter.close();
    expect(segments.map((segment) => segment.part)).toEqual([1, 2]);
    expect(probe(joined(segments.slice(1))).audio?.channels).toBe(2);
  });

  it('keeps the part when the video stops and comes back', () => {
    const audio = timed(opusSamples(4), 50);
    const before = timed(videoSamples({ codec: 'vp8', seconds: 1 }), 30);
    const after = timed(videoSamples({ codec: 'vp8', seconds: 1 }), 30, 3_000_000);
    const segments = cut(byTime(audio, before, after));
    expect(segments.map((segment) => segment.part)).toEqual([1, 1, 1, 1]);
    const path = joined(segments);
    expectTimes(probe(path).video?.times, [...before, ...after]);
    expect(decode(path)).toMatchObject({ errors: '', videoFrames: 60 });
  });

  it.each(['h264', 'h265', 'av1'] as const)('drops %s until the parameter sets are known', (codec) => {
    const [keyframe, delta] = timed(videoSamples({ codec, seconds: 1 }), 30);
    if (!keyframe || !delta) throw new Error('no samples');
    const segmenter = new Segmenter({ medium: 'camera', segmentMs: 1000, onSegment: () => {} });
    const bare = { ...keyframe, data: delta.data };
    expect(segmenter.add(bare)).toBe('no-parameter-sets');
    expect(segmenter.add(delta)).toBe('no-parameter-sets');
    expect(segmenter.add(keyframe)).toBeUndefined();
    expect(segmenter.add(bare)).toBeUndefined();
  });

  it('closes a segment by the clock when media stops, and not before', () => {
    const segments: Segment[] = [];
    const segmenter = new Segmenter({ medium: 'camera', segmentMs: 1000, onSegment: (made) => segments.push(made) });
    segmenter.tick(0);
    for (const frame of timed(opusSamples(1), 50).slice(0, 10)) segmenter.add(frame);
    segmenter.tick(1_190_000);
    expect(segments).toHaveLength(0);
    segmenter.tick(1_200_000);
    expect(segments).toHaveLength(1);
    expect(segments[0]).toMatchObject({ startMicros: 0, endMicros: 200_000 });
    expect(segmenter.openBytes).toBe(0);
    segmenter.tick(9_000_000);
    expect(segments).toHaveLength(1);
  });

  it('never holds more bytes than its bound, but for a single frame', () => {
    const video = timed(videoSamples({ codec: 'vp8', seconds: 2 }), 30);
    const largest = Math.max(...video.map((frame) => frame.data.length));
    const segments = cut(video, { segmentMs: 60_000, maximumBytes: 20_000 });
    expect(segments.length).toBeGreaterThan(2);
    for (const segment of segments) expect(segment.bytes.length).toBeLessThan(20_000 + largest + 2000);
    expect(decode(joined(segments))).toMatchObject({ errors: '', videoFrames: 60 });
  });

  it('orders frames by time within a segment, though a track came late', () => {
    const audio = timed(opusSamples(1), 50);
    const video = timed(videoSamples({ codec: 'vp8', seconds: 1 }), 30);
    const file = probe(joined(cut([...audio, ...video])));
    expectTimes(file.audio?.times, audio);
    expectTimes(file.video?.times, video);
  });

  it('writes one segment of a minute as several clusters', () => {
    const sparse = timed(videoSamples({ codec: 'vp8', seconds: 2 }), 1);
    const segments = cut(sparse, { segmentMs: 60_000 });
    expect(segments).toHaveLength(1);
    expectTimes(probe(joined(segments)).video?.times, sparse);
  });
});
