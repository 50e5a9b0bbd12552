import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../storage/folder-store.ts';
import { StorageError } from '../storage/object-store.ts';
import { Slots } from '../storage/slots.ts';
import { systemClock } from './clock.ts';
import type { JoinManifest } from './contract/join-manifest.ts';
import type { FinishedMedia, Medium, StoredSegment } from './contract/media.ts';
import { outcomeSchema } from './contract/report.ts';
import type { FinaliseTask } from './contract/task-spec.ts';
import { JoinRecording, type JoinRecordingOptions } from './join-recording.ts';
import { Segmenter } from './segment/segmenter.ts';
import { opusSamples, type Sample, videoSamples } from './testing/encoded-samples.ts';
import { decode, probe } from './testing/probe.ts';
import type { TimedFrame } from './timeline/timed-frame.ts';

// ffmpeg encodes and decodes here, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let store: FolderStore;
let task: FinaliseTask;
let attempts: JoinManifest['attempts'];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'join-recording-test-'));
  store = await FolderStore.open(join(folder, 'store'));
  const recordingId = randomUUID();
  const attemptId = randomUUID();
  task = {
    kind: 'finalise',
    recordingId,
    attemptId,
    epoch: 3,
    objectPrefix: `recordings/${recordingId}/${attemptId}/`,
    reportToken: 'token',
    manifestKey: `recordings/${recordingId}/join-3.json`,
  };
  attempts = [];
});
afterEach(() => rm(folder, { recursive: true }));

function timed(samples: readonly Sample[], framesPerSecond: number, startMs = 0): TimedFrame[] {
  return samples.map((sample, index) => {
    const presentationMicros = startMs * 1000 + Math.round((index * 1_000_000) / framesPerSecond);
    const times = { presentationMicros, receivedAtMicros: presentationMicros, rtpTimestamp: 0 };
    return { ...sample, data: Uint8Array.from(sample.data), ...times, trackSid: sample.codec, afterLoss: false };
  });
}

/** What an attempt stored. */
async function recorded(offsetMs: number, frames: readonly TimedFrame[], medium: Medium = 'camera'): Promise<void> {
  const attemptId = randomUUID();
  const made: { segment: StoredSegment; bytes: Buffer }[] = [];
  const segmenter = new Segmenter({
    medium,
    segmentMs: 1000,
    onSegment: ({ bytes, ...rest }) => {
      const key = `recordings/${task.recordingId}/${attemptId}/${medium}/${rest.sequence}.${rest.container}`;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      made.push({ segment: { ...rest, key, sizeBytes: bytes.length, sha256 }, bytes: Buffer.from(bytes) });
    },
  });
  for (const frame of [...frames].sort((a, b) => a.presentationMicros - b.presentationMicros)) segmenter.add(frame);
  segmenter.close();
  for (const { segment, bytes } of made) await store.put(segment.key, bytes, { contentType: 'video/webm' });
  attempts.push({ attemptId, offsetMicros: offsetMs * 1000, segments: made.map(({ segment }) => segment) });
}

async function prepare(options: Partial<JoinRecordingOptions> = {}): Promise<JoinRecording> {
  const manifest: JoinManifest = { recordingId: task.recordingId, attempts };
  await store.put(task.manifestKey, Buffer.from(JSON.stringify(manifest)), { contentType: 'application/json' });
  const spoolDir = join(folder, 'spool');
  const slots = new Slots(1);
  const log = { warn: () => {} };
  return new JoinRecording({ task, store, spoolDir, slots, clock: systemClock, log, onChange: () => {}, ...options });
}

async function joined(): Promise<FinishedMedia[]> {
  const joining = await prepare();
  const outcome = outcomeSchema.parse(await joining.run());
  if (outcome.kind !== 'finished') throw new Error(`It is ${outcome.kind}: ${outcome.message}`);
  for (const { key, sizeBytes, sha256 } of outcome.media) {
    const bytes = await readFile(pathOf(key));
    expect(bytes).toHaveLength(sizeBytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
  await joining.release();
  expect(await readdir(join(folder, 'spool'))).toEqual([]);
  return outcome.media;
}

const pathOf = (key: string | undefined) => join(folder, 'store', key ?? 'missing');

function expectSteps(times: number[] | undefined, fromMs: number, stepMs: number, count: number): void {
  expect(times).toHaveLength(count);
  for (const [index, time] of (times ?? []).entries()) {
    expect(Math.abs(time - fromMs - index * stepMs)).toBeLessThanOrEqual(1);
  }
}

describe.each([
  ['vp8', 'webm'],
  ['h264', 'mp4'],
] as const)('two attempts of %s and Opus', (codec, container) => {
  const video = () => videoSamples({ codec, seconds: 3, fps: 25 });

  it('are one file that decodes, each frame at its time, the hole in the sound filled with silence', async () => {
    await recorded(0, [...timed(video(), 25), ...timed(opusSamples(3), 50)]);
    await recorded(5000, [...timed(video(), 25), ...timed(opusSamples(3), 50)]);
    const media = await joined();
    expect(media).toHaveLength(1);
    expect(media[0]).toMatchObject({ key: `${task.objectPrefix}camera.${container}`, durationMs: 8000, startMs: 0 });

    const path = pathOf(media[0]?.key);
    const file = probe(path);
    expectSteps(file.video?.times.slice(0, 75), 0, 40, 75);
    expectSteps(file.video?.times.slice(75), 5000, 40, 75);
    expect(decode(path)).toMatchObject({ errors: '', videoFrames: 150 });
    // Packet after packet without a hole, and the sound of the second attempt where its picture is.
    const sound = file.audio?.times ?? [];
    for (const [index, time] of sound.slice(1).entries()) expect(time - (sound[index] ?? 0)).toBeLessThanOrEqual(121);
    expectSteps(sound.slice(-150), 5000, 20, 150);
  });

  it('that overlap: the later one counts from where it begins', async () => {
    await recorded(0, [...timed(video(), 25), ...timed(opusSamples(3), 50)]);
    await recorded(1500, [...timed(video(), 25), ...timed(opusSamples(3), 50)]);
    const [media] = await joined();
    const file = probe(pathOf(media?.key));
    expectSteps(file.video?.times.slice(0, 38), 0, 40, 38);
    expectSteps(file.video?.times.slice(38), 1500, 40, 75);
    expectSteps(file.audio?.times.slice(0, 75), 0, 20, 75);
    expectSteps(file.audio?.times.slice(-150), 1500, 20, 150);
    expect(decode(pathOf(media?.key))).toMatchObject({ errors: '', videoFrames: 113 });
  });
});

it('another codec in the next attempt is another file, which says where it begins', async () => {
  await recorded(0, timed(videoSamples({ codec: 'vp8', seconds: 1, fps: 25 }), 25));
  await recorded(4000, timed(videoSamples({ codec: 'h264', seconds: 1, fps: 25 }), 25));
  expect(await joined()).toMatchObject([
    { key: `${task.objectPrefix}camera.webm`, startMs: 0 },
    { key: `${task.objectPrefix}camera-2.mp4`, startMs: 4000 },
  ]);
});

it('a medium that only one attempt has is not cut by the others', async () => {
  await recorded(0, timed(opusSamples(3), 50), 'screen');
  await recorded(1000, timed(opusSamples(1), 50));
  await recorded(1500, timed(opusSamples(1), 50));
  const [camera, screen] = await joined();
  expect(camera).toMatchObject({ medium: 'camera', startMs: 1000, durationMs: 1500 });
  expect(screen).toMatchObject({ medium: 'screen', startMs: 0, durationMs: 3000 });
});

it('an attempt that lies wholly behind the beginning of the next is left out', async () => {
  await recorded(0, timed(opusSamples(1), 50));
  await recorded(2000, timed(opusSamples(1), 50));
  await recorded(1000, timed(opusSamples(1), 50));
  const [media] = await joined();
  expect(probe(pathOf(media?.key)).audio?.times).toHaveLength(100);
});

it('the same task again makes the same bytes under the same key', async () => {
  await recorded(0, timed(opusSamples(1), 50));
  await recorded(1500, timed(opusSamples(1), 50));
  const first = await joined();
  expect(await joined()).toEqual(first);
});

describe('fails', () => {
  it('for good when a segment is not in the store, and names it', async () => {
    await recorded(0, timed(opusSamples(1), 50));
    const [segment] = attempts[0]?.segments ?? [];
    await store.delete([segment?.key ?? '']);
    const outcome = await (await prepare()).run();
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'store.not-found', retryable: false });
    expect(outcome).toHaveProperty('message', expect.stringContaining(segment?.key ?? ''));
  });

  it('for good when there is nothing to join, or no manifest', async () => {
    expect(await (await prepare()).run()).toMatchObject({ reason: 'finalise.empty', retryable: false });
    const joining = await prepare({ task: { ...task, attemptId: randomUUID() } });
    await store.put(task.manifestKey, Buffer.from('{}'), { contentType: 'application/json' });
    expect(await joining.run()).toMatchObject({ reason: 'finalise.no-manifest', retryable: false });
  });

  it('without a finished file when another one does it meanwhile', async () => {
    await recorded(0, timed(opusSamples(1), 50));
    const joining = await prepare();
    const read = store.read.bind(store);
    store.read = (...args: Parameters<typeof read>) => {
      joining.obey('abandon');
      return read(...args);
    };
    expect(await joining.run()).toMatchObject({ kind: 'failed', reason: 'recording.abandoned' });
    expect(await store.head(`${task.objectPrefix}camera.webm`)).toBeUndefined();
  });
});

it('a store that is away is waited for, and said', async () => {
  await recorded(0, timed(opusSamples(1), 50));
  let isAway = true;
  const messages: (string | undefined)[] = [];
  const joining: JoinRecording = await prepare({
    onChange: () => {
      messages.push(joining.snapshot().stats.uploadTrouble?.message);
      isAway = false;
    },
  });
  const read = store.read.bind(store);
  store.read = async (...args: Parameters<typeof read>) => {
    if (isAway) throw new StorageError('unreachable', 'The store is away.', true);
    return read(...args);
  };
  expect(await joining.run()).toMatchObject({ kind: 'finished' });
  expect(messages[0]).toBe('The store is away.');
});
