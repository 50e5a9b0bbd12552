/** Whole recordings of real publishers on a real LiveKit server, read back with ffmpeg. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { FolderStore } from '../storage/folder-store.ts';
import { systemClock } from './clock.ts';
import type { Outcome } from './contract/report.ts';
import { Recording } from './pipeline.ts';
import { LiveKitParticipant } from './signalling/livekit-participant.ts';
import { recorderToken, TestPublisher } from './signalling/test-publisher.ts';
import { decode, probe } from './testing/probe.ts';
import { recordingTask } from './testing/recording-task.ts';

const server = inject('livekit');
const poll = { timeout: 20_000, interval: 20 };
const log = pino({ level: 'silent' });
let folder: string;
let room: string;
const publishers: TestPublisher[] = [];

beforeEach(async (context) => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-integration-'));
  room = `pipeline-${context.task.id}-${Date.now()}`;
});
afterEach(async () => {
  for (const publisher of publishers.splice(0)) await publisher.leave();
  await rm(folder, { recursive: true });
});

async function joinRoom(): Promise<TestPublisher> {
  const publisher = await TestPublisher.join(server, room, 'alice');
  publishers.push(publisher);
  return publisher;
}

async function record(reconnectWindowMs = 10_000): Promise<{ recording: Recording; outcome: Promise<Outcome> }> {
  const source = new LiveKitParticipant({
    url: server.url,
    token: await recorderToken(server, room),
    identity: 'alice',
    sources: ['camera', 'microphone'],
    clock: systemClock,
    log,
  });
  const recording = new Recording({
    task: recordingTask({ absentAfterMs: 20_000, reconnectWindowMs }),
    source,
    store: await FolderStore.open(join(folder, 'store')),
    spoolDir: join(folder, 'spool'),
    clock: systemClock,
    log,
    onChange: () => {},
  });
  return { recording, outcome: recording.run() };
}

function framesOf(recording: Recording, codec: string): number {
  return recording.snapshot().tracks.find((track) => track.codec === codec)?.frames ?? 0;
}

/** Until this many more frames of the codec are recorded. */
async function framesCome(recording: Recording, codec: string, count: number): Promise<void> {
  const wanted = framesOf(recording, codec) + count;
  await expect.poll(() => framesOf(recording, codec), poll).toBeGreaterThanOrEqual(wanted);
}

function finished(outcome: Outcome) {
  if (outcome.kind !== 'finished') throw new Error(outcome.message);
  return outcome.media.map(({ key, ...media }) => ({ ...media, path: join(folder, 'store', key) }));
}

describe.each(['vp8', 'h264'] as const)('a participant who publishes %s', (codec) => {
  test('is in one file, every frame once and with its picture, through a mute', async () => {
    const { recording, outcome } = await record();
    const alice = await joinRoom();
    await alice.publishAudio({ dtx: true });
    const video = await alice.publishVideo({ codec });
    await framesCome(recording, codec, 60);
    video.setMuted(true);
    await expect.poll(() => recording.snapshot().gaps.map((gap) => gap.reason), poll).toContain('muted');
    await framesCome(recording, 'opus', 50);
    video.setMuted(false);
    await framesCome(recording, codec, 60);
    recording.obey('stop');
    const [file, ...others] = finished(await outcome);

    expect(others).toEqual([]);
    const { tracks, gaps } = recording.snapshot();
    const frames = framesOf(recording, codec);
    const seen = probe(file?.path ?? '');
    expect(seen.video?.times).toHaveLength(frames);
    const decoded = decode(file?.path ?? '');
    expect(decoded).toMatchObject({ errors: '', videoFrames: frames });
    // An encoder that finds the machine slow makes its pictures smaller: which sizes there are is not for us to say.
    expect(decoded.sizes).toContain(`${seen.video?.width},${seen.video?.height}`);
    expect(gaps.filter((gap) => gap.reason === 'muted')).toHaveLength(1);
    expect(tracks.map((track) => track.packetsLost)).toEqual([0, 0]);
    // The mute took at least a second, in which there is sound, and silence where there is none.
    const [mute] = gaps.filter((gap) => gap.reason === 'muted');
    expect((mute?.toMicros ?? 0) - (mute?.fromMicros ?? 0)).toBeGreaterThan(900_000);
    const soundTimes = seen.audio?.times ?? [];
    const steps = soundTimes.map((time, index) => time - (soundTimes[index - 1] ?? time));
    expect(Math.max(...steps)).toBeLessThanOrEqual(150);
  });
});

test('a participant who comes back within the window, with another codec, is one recording in two files', async () => {
  const { recording, outcome } = await record();
  const first = await joinRoom();
  await first.publishVideo({ codec: 'vp8' });
  await framesCome(recording, 'vp8', 45);
  await first.leave();
  publishers.length = 0;
  const second = await joinRoom();
  await second.publishAudio();
  await second.publishVideo({ codec: 'h264' });
  await framesCome(recording, 'h264', 45);
  recording.obey('stop');
  const files = finished(await outcome);

  expect(files.map((file) => file.contentType)).toEqual(['video/webm', 'video/mp4']);
  for (const { path } of files) expect(decode(path).errors).toBe('');
  expect(recording.snapshot().gaps.map((gap) => gap.reason)).toContain('participant-away');
  const [one, two] = files;
  // The last packet of sound in the first may reach into the second.
  expect(two?.startMs).toBeGreaterThanOrEqual((one?.durationMs ?? 0) - 20);
});
