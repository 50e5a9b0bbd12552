import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../storage/folder-store.ts';
import { StorageError } from '../storage/object-store.ts';
import { gapSchema, storedSegmentSchema, trackSummarySchema } from './contract/media.ts';
import { liveStatsSchema, type Outcome, outcomeSchema } from './contract/report.ts';
import { Recording, type RecordingOptions } from './pipeline.ts';
import { TaskError } from './task-error.ts';
import { opusSamples, videoSamples } from './testing/encoded-samples.ts';
import { HeldClock } from './testing/held-clock.ts';
import { decode, probe } from './testing/probe.ts';
import { recordingTask } from './testing/recording-task.ts';
import { ScriptedParticipant } from './testing/scripted-participant.ts';

// ffmpeg encodes and decodes here, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let store: FolderStore;
let clock: HeldClock;
let participant: ScriptedParticipant;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipeline-test-'));
  store = await FolderStore.open(join(folder, 'store'));
  clock = new HeldClock();
  participant = new ScriptedParticipant(clock);
});
afterEach(() => rmSync(folder, { recursive: true }));

const quiet = { info: () => {}, warn: () => {} };

function prepare(task: Partial<RecordingOptions['task']> = {}, options: Partial<RecordingOptions> = {}) {
  const states: string[] = [];
  const recording: Recording = new Recording({
    task: recordingTask(task),
    source: participant,
    store,
    spoolDir: join(folder, 'spool'),
    clock,
    log: quiet,
    onChange: () => {
      const { state } = recording.snapshot();
      if (states.at(-1) !== state) states.push(state);
    },
    ticker: clock.ticker,
    ...options,
  });
  return { recording, states };
}

async function start(task: Partial<RecordingOptions['task']> = {}, options: Partial<RecordingOptions> = {}) {
  const { recording, states } = prepare(task, options);
  const outcome = recording.run();
  await participant.connected;
  return { recording, states, outcome };
}

function finished(outcome: Outcome): Extract<Outcome, { kind: 'finished' }> {
  expect(outcomeSchema.parse(outcome)).toEqual(outcome);
  if (outcome.kind !== 'finished') throw new Error(`It is ${outcome.kind}: ${outcome.message}`);
  return outcome;
}

function pathOf(key: string | undefined): string {
  return join(folder, 'store', key ?? 'missing');
}

/** Frames per second of video in these tests is 25, of Opus 50. */
function expectSteady(times: number[] | undefined, count: number, fromMs: number, stepMs: number): void {
  expect(times).toHaveLength(count);
  for (const [index, time] of (times ?? []).entries()) {
    expect(Math.abs(time - fromMs - index * stepMs)).toBeLessThanOrEqual(1);
  }
}

const camera = { trackSid: 'camera', framesPerSecond: 25 };
const microphone = { trackSid: 'microphone', framesPerSecond: 50 };

describe.each([
  ['vp8', 'webm'],
  ['h264', 'mp4'],
] as const)('a recording of %s and Opus', (codec, container) => {
  it('ends up as segments, one finished file and a manifest in the store, and the spool is empty when it is let go of', async () => {
    const { recording, states, outcome } = await start();
    participant.events.participantPresent('PA_one');
    participant.publish('camera', 'camera', codec);
    participant.publish('microphone', 'microphone', 'opus');
    const video = videoSamples({ codec, seconds: 5, fps: 25 });
    const audio = opusSamples(5);
    participant.play({ ...camera, samples: video, fromMs: 300 }, { ...microphone, samples: audio, fromMs: 200 });
    expect(recording.snapshot().stats).toMatchObject({ framesPerSecond: 25 });
    recording.obey('stop');
    recording.obey('stop');
    const { media, stopReason } = finished(await outcome);

    expect(stopReason).toBe('requested');
    expect(states).toEqual(['waiting', 'recording', 'finalising', 'ended']);
    const prefix = media[0]?.key.slice(0, media[0].key.lastIndexOf('/') + 1);
    expect(media).toHaveLength(1);
    expect(media[0]).toMatchObject({ medium: 'camera', key: `${prefix}camera.${container}`, durationMs: 5100 });
    const path = pathOf(media[0]?.key);
    const file = probe(path);
    expectSteady(file.video?.times, 125, 100, 40);
    expectSteady(file.audio?.times, 250, 0, 20);
    expect(decode(path)).toMatchObject({ errors: '', videoFrames: 125 });

    const snapshot = recording.snapshot();
    for (const segment of snapshot.segments) {
      expect(storedSegmentSchema.strict().parse(segment)).toEqual(segment);
      const bytes = readFileSync(pathOf(segment.key));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(segment.sha256);
    }
    expect(snapshot.segments.map((segment) => segment.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.startedAtUnixMs).toBe(1_790_000_000_205);
    expect(snapshot.stoppedAtUnixMs).toBeGreaterThan(1_790_000_005_200);
    expect(liveStatsSchema.parse(snapshot.stats)).toMatchObject({ segmentsPending: 0 });
    expect(Math.abs(snapshot.stats.durationMs - 5100)).toBeLessThan(5);
    expect(snapshot.tracks.map((track) => trackSummarySchema.parse(track))).toMatchObject([
      { source: 'camera', codec, width: 320, height: 180, frames: 125, keyframes: 1 },
      { source: 'microphone', codec: 'opus', frames: 250 },
    ]);
    const manifest = JSON.parse(readFileSync(pathOf(`${prefix}manifest.json`), 'utf8'));
    expect(manifest.segments).toEqual(snapshot.segments);
    await recording.release();
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
    expect(participant.isClosed).toBe(true);
  });
});

describe('what is recorded', () => {
  it('is video alone', async () => {
    const { recording, outcome } = await start();
    participant.publish('camera', 'camera', 'vp8');
    participant.play({ ...camera, samples: videoSamples({ codec: 'vp8', seconds: 2, fps: 25 }), fromMs: 0 });
    recording.obey('stop');
    const { media } = finished(await outcome);
    const file = probe(pathOf(media[0]?.key));
    expectSteady(file.video?.times, 50, 0, 40);
    expect(file.audio).toBeUndefined();
  });

  it('is sound alone', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(2), fromMs: 0 });
    recording.obey('stop');
    const { media } = finished(await outcome);
    expect(media[0]).toMatchObject({ contentType: 'audio/webm', durationMs: 2000 });
    expectSteady(probe(pathOf(media[0]?.key)).audio?.times, 100, 0, 20);
  });

  it('is a screen beside the camera, on the same clock', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(2), fromMs: 0 });
    participant.publish('screen', 'screen_share', 'vp8');
    participant.play(
      { ...microphone, samples: opusSamples(2), fromMs: 2000 },
      {
        trackSid: 'screen',
        framesPerSecond: 25,
        samples: videoSamples({ codec: 'vp8', seconds: 1, fps: 25 }),
        fromMs: 2500,
      },
    );
    recording.obey('stop');
    const { media } = finished(await outcome);
    expect(media.map(({ medium, startMs, durationMs }) => ({ medium, startMs, durationMs }))).toEqual([
      { medium: 'camera', startMs: 0, durationMs: 4000 },
      { medium: 'screen', startMs: 2500, durationMs: 1000 },
    ]);
  });

  it('is a track added late, and one published anew with another codec in a second file', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(3), fromMs: 0 });
    participant.publish('camera', 'camera', 'vp8');
    const vp8 = { ...camera, samples: videoSamples({ codec: 'vp8', seconds: 2, fps: 25 }), fromMs: 3000 };
    participant.play({ ...microphone, samples: opusSamples(2), fromMs: 3000 }, vp8);
    participant.events.trackEnded('camera');
    participant.publish('camera-2', 'camera', 'h264');
    const h264 = { trackSid: 'camera-2', samples: videoSamples({ codec: 'h264', seconds: 2, fps: 25 }) };
    participant.play(
      { ...microphone, samples: opusSamples(3), fromMs: 5000 },
      { ...h264, framesPerSecond: 25, fromMs: 6000 },
    );
    recording.obey('stop');
    const { media } = finished(await outcome);
    const [first, second] = media.map(({ key }) => probe(pathOf(key)));
    expectSteady(first?.video?.times, 50, 3000, 40);
    expectSteady(second?.video?.times, 50, 6000 - (media[1]?.startMs ?? 0), 40);
    expect((first?.audio?.times.length ?? 0) + (second?.audio?.times.length ?? 0)).toBe(400);
    for (const { key } of media) expect(decode(pathOf(key))).toMatchObject({ errors: '', videoFrames: 50 });
    const gaps = recording.snapshot().gaps;
    expect(gaps).toMatchObject([{ kind: 'video', toMicros: 6_000_000, reason: 'unpublished' }]);
    expect(recording.snapshot().tracks.map((track) => `${track.source} ${track.codec} ${track.frames}`)).toEqual([
      'microphone opus 400',
      'camera vp8 50',
      'camera h264 50',
    ]);
  });

  it('keeps its time over a mute, a lost connection and a pause, and lists them', async () => {
    const { recording, states, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.publish('camera', 'camera', 'vp8');
    const vp8 = videoSamples({ codec: 'vp8', seconds: 4, fps: 25, keyframeInterval: 25 });
    const both = (fromMs: number, second: number) =>
      participant.play(
        { ...camera, samples: vp8.slice(second * 25, second * 25 + 25), fromMs },
        { ...microphone, samples: opusSamples(1), fromMs },
      );
    both(0, 0);
    participant.events.trackMuted('camera', true);
    clock.passTo(3000);
    expect(recording.snapshot().gaps).toMatchObject([{ kind: 'video', reason: 'muted' }]);
    participant.events.trackMuted('camera', false);
    participant.events.reconnecting();
    participant.events.reconnected();
    both(3000, 1);
    recording.obey('pause');
    recording.obey('pause');
    expect(recording.snapshot().state).toBe('paused');
    both(4000, 2);
    recording.obey('resume');
    expect(participant.keyframeRequests).toContain('camera');
    both(5000, 3);
    recording.obey('stop');
    const { media } = finished(await outcome);
    expect(states).toEqual(['waiting', 'recording', 'paused', 'recording', 'finalising', 'ended']);

    const file = probe(pathOf(media[0]?.key));
    const seconds = (step: number) =>
      [0, 3000, 5000].flatMap((from) => Array.from({ length: 1000 / step }, (_, index) => from + index * step));
    expect(file.video?.times.map(Math.round)).toEqual(seconds(40));
    // Between them there is silence, without a hole.
    const audioTimes = file.audio?.times.map((time) => Math.max(0, Math.round(time))) ?? [];
    expect(audioTimes).toEqual(expect.arrayContaining(seconds(20)));
    expect(Math.max(...audioTimes.map((time, index) => time - (audioTimes[index - 1] ?? 0)))).toBe(120);
    expect(decode(pathOf(media[0]?.key)).errors).toBe('');
    const { gaps, tracks } = recording.snapshot();
    for (const gap of gaps) expect(gapSchema.parse(gap)).toEqual(gap);
    const listed = gaps.map((gap) => `${gap.kind} ${gap.reason} until ${Math.round(gap.toMicros / 1000)}`).sort();
    expect(listed).toEqual([
      'audio paused until 5000',
      'audio recorder-away until 3000',
      'video paused until 5000',
      'video recorder-away until 3000',
    ]);
    expect(tracks.map((track) => track.framesDropped)).toEqual([{ paused: 50 }, { paused: 25 }]);
  });

  it('is safe within a moment of its beginning, with its picture if there is one', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.publish('camera', 'camera', 'vp8');
    const vp8 = videoSamples({ codec: 'vp8', seconds: 1, fps: 25 });
    participant.play(
      { ...microphone, samples: opusSamples(1), fromMs: 0 },
      { ...camera, samples: vp8.slice(0, 20), fromMs: 200 },
    );
    await until(() => recording.snapshot().segments.length === 1);
    expect(recording.snapshot().segments[0]).toMatchObject({ hasVideo: true, startMicros: 0 });
    expect(recording.snapshot().segments[0]?.endMicros).toBeLessThan(350_000);
    recording.obey('stop');
    finished(await outcome);
  });

  it('closes segments while media is silent, so that nothing captured waits', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1), fromMs: 0 });
    clock.passTo(1800);
    await until(() => recording.snapshot().segments.length === 2);
    recording.obey('stop');
    finished(await outcome);
  });

  it('waits anew for the participant that was paused away before it published', async () => {
    const { recording, outcome } = await start({ absentAfterMs: 3000 });
    await until(() => recording.snapshot().state === 'waiting');
    recording.obey('pause');
    clock.passTo(10_000);
    recording.obey('resume');
    clock.passTo(12_000);
    expect(recording.snapshot().state).toBe('waiting');
    clock.passTo(13_200);
    expect(await outcome).toMatchObject({ kind: 'absent' });
  });

  it('includes what the source delivers while it is closed', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1), fromMs: 0 });
    participant.onClose = () => participant.play({ ...microphone, samples: opusSamples(1).slice(0, 5), fromMs: 1000 });
    recording.obey('stop');
    const { media } = finished(await outcome);
    expect(media[0]?.durationMs).toBe(1100);
  });
});

describe('how it ends', () => {
  it.each([
    ['publishes nothing', (recording: Recording) => void recording, 11_000],
    ['leaves before publishing', () => participant.events.participantGone(), 5100],
    ['is stopped before publishing', (recording: Recording) => recording.obey('stop'), 0],
  ])('absent when the participant %s', async (_, happens, laterMs) => {
    const { recording, states, outcome } = await start();
    await until(() => recording.snapshot().state === 'waiting');
    participant.events.participantPresent('PA_one');
    happens(recording);
    clock.passTo(laterMs);
    expect(await outcome).toMatchObject({ kind: 'absent' });
    expect(states.at(-1)).toBe('ended');
    await recording.release();
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
  });

  it('with the participant, when it does not come back within the window, and counts from its leaving', async () => {
    const { recording, outcome } = await start({ reconnectWindowMs: 3000 });
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1), fromMs: 0 });
    participant.events.trackEnded('microphone');
    const leftAtUnixMs = clock.unixMs();
    participant.events.participantGone();
    clock.passTo(4200);
    expect(finished(await outcome).stopReason).toBe('participant-left');
    expect(recording.snapshot().stoppedAtUnixMs).toBe(leftAtUnixMs);
  });

  it('at once with the participant when there is no window', async () => {
    const { outcome } = await start({ reconnectWindowMs: 0 });
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1), fromMs: 0 });
    participant.events.participantGone();
    expect(finished(await outcome).stopReason).toBe('participant-left');
  });

  it('as soon as the room ends while the participant is waited for: it left', async () => {
    const { outcome } = await start({ reconnectWindowMs: 3000 });
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1), fromMs: 0 });
    participant.events.participantGone();
    participant.events.roomEnded();
    expect(finished(await outcome).stopReason).toBe('participant-left');
  });

  it('later, in the same recording, when the participant comes back', async () => {
    const { recording, outcome } = await start({ reconnectWindowMs: 3000 });
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1), fromMs: 0 });
    participant.events.trackEnded('microphone');
    participant.events.participantGone();
    clock.passTo(3500);
    participant.events.participantPresent('PA_one');
    participant.publish('microphone-2', 'microphone', 'opus');
    participant.play({ ...microphone, trackSid: 'microphone-2', samples: opusSamples(4), fromMs: 3600 });
    participant.events.roomEnded();
    const { media, stopReason } = finished(await outcome);
    expect(stopReason).toBe('room-ended');
    expect(media[0]?.durationMs).toBe(7600);
    expect(recording.snapshot().gaps).toMatchObject([
      { fromMicros: 1_000_000, toMicros: 3_600_000, reason: 'participant-away' },
    ]);
  });

  it('by itself at the longest duration, with not a frame more', async () => {
    const { outcome } = await start({ maxDurationMs: 1500 });
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(3), fromMs: 0 });
    const { media, stopReason } = finished(await outcome);
    expect(stopReason).toBe('max-duration');
    expect(media[0]?.durationMs).toBe(1500);
  });

  it('failed when the room refuses, with what it said', async () => {
    participant.refusal = new TaskError('livekit.refused', 'LiveKit refused the token.', 'livekit', false);
    const { recording, states } = prepare();
    expect(await recording.run()).toEqual({
      kind: 'failed',
      reason: 'livekit.refused',
      message: 'LiveKit refused the token.',
      fault: 'livekit',
      retryable: false,
    });
    expect(states).toEqual(['finalising', 'ended']);
    await recording.release();
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
  });

  it('failed when the connection is lost for good, and keeps what was captured in the store', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(2), fromMs: 0 });
    participant.events.failed(new TaskError('livekit.unreachable', 'It is gone.', 'livekit', true));
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'livekit.unreachable', retryable: true });
    expect(recording.snapshot().segments).toHaveLength(3);
    expect(await keysInStore()).toHaveLength(3);
  });

  it('failed at once, while its segments are still on their way', async () => {
    let letThrough = () => {};
    const blocked = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const putFile = store.putFile.bind(store);
    store.putFile = async (...args: Parameters<typeof putFile>) => {
      await blocked;
      return putFile(...args);
    };
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(2), fromMs: 0 });
    participant.events.failed(new TaskError('livekit.unreachable', 'It is gone.', 'livekit', true));
    await until(() => recording.snapshot().outcome !== undefined);
    expect(recording.snapshot()).toMatchObject({ state: 'ended', stats: { segmentsPending: 3 }, segments: [] });
    letThrough();
    await outcome;
    expect(recording.snapshot()).toMatchObject({ state: 'ended', stats: { segmentsPending: 0 } });
    expect(recording.snapshot().segments).toHaveLength(3);
  });

  it('failed when something of ours breaks, which does not reach the caller', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    const broken = { codec: 'opus', isKeyframe: true, data: undefined as unknown as Uint8Array } as const;
    participant.play({ ...microphone, samples: [...opusSamples(1), broken], fromMs: 0 });
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'recorder.defect', retryable: true });
    expect(recording.snapshot().state).toBe('ended');
    expect(recording.snapshot().segments.length).toBeGreaterThan(0);
  });

  it.each([
    ['abandoned', (recording: Recording) => recording.obey('abandon'), 'recording.abandoned', false],
    ['handed over', (recording: Recording) => expect(recording.handOver()).toBe(true), 'worker.shutdown', true],
  ] as const)('%s: stores what it captured and finishes nothing', async (_, happens, reason, retryable) => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1).slice(0, 20), fromMs: 0 });
    happens(recording);
    expect(await outcome).toMatchObject({ kind: 'failed', reason, retryable });
    expect(recording.snapshot().segments).toHaveLength(1);
    expect(await keysInStore()).toEqual([recording.snapshot().segments[0]?.key]);
    expect(recording.handOver()).toBe(false);
    await recording.release();
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
  });

  it('abandoned while it is finished: the segments are stored, the finished file is not', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1).slice(0, 20), fromMs: 0 });
    const putFile = store.putFile.bind(store);
    store.putFile = async (...args: Parameters<typeof putFile>) => {
      recording.obey('abandon');
      return putFile(...args);
    };
    recording.obey('stop');
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'recording.abandoned' });
    expect(await keysInStore()).toEqual([recording.snapshot().segments[0]?.key]);
  });

  it('discarded: stores nothing more and leaves nothing behind', async () => {
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1).slice(0, 20), fromMs: 0 });
    recording.obey('discard');
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'recording.discarded', retryable: false });
    await recording.release();
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
    expect(await keysInStore()).toEqual([]);
  });
});

describe('a lease that has passed', () => {
  async function stoppedTooLate() {
    const started = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1).slice(0, 20), fromMs: 0 });
    const { recording } = started;
    recording.leased(clock.monotonicMicros() + 8_000_000);
    clock.passTo(60_000);
    recording.obey('stop');
    await until(() => recording.snapshot().segments.length === 1);
    expect(recording.snapshot().state).toBe('finalising');
    return started;
  }

  it('lets nothing be finished before it is renewed', async () => {
    const { recording, outcome } = await stoppedTooLate();
    expect(await keysInStore()).toEqual([recording.snapshot().segments[0]?.key]);
    recording.leased(clock.monotonicMicros() + 8_000_000);
    expect(finished(await outcome).media).toHaveLength(1);
  });

  it('of a recording that another recorder owns by now: what was captured is stored, nothing is finished', async () => {
    const { recording, outcome } = await stoppedTooLate();
    recording.obey('abandon');
    expect(await outcome).toMatchObject({ reason: 'recording.abandoned' });
    expect(await keysInStore()).toEqual([recording.snapshot().segments[0]?.key]);
  });
});

describe('when the store', () => {
  it('is away for a while, the recording goes on and completes afterwards', async () => {
    let isAway = true;
    const putFile = store.putFile.bind(store);
    store.putFile = async (...args: Parameters<typeof putFile>) => {
      if (isAway) throw new StorageError('unreachable', 'The store is away.', true);
      return putFile(...args);
    };
    const { recording, outcome } = await start();
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(3), fromMs: 0 });
    await until(() => recording.snapshot().stats.uploadTrouble !== undefined);
    expect(recording.snapshot().stats).toMatchObject({ uploadTrouble: { message: 'The store is away.' } });
    recording.obey('stop');
    await until(() => recording.snapshot().state === 'finalising');
    isAway = false;
    const { media } = finished(await outcome);
    expect(media[0]?.durationMs).toBe(3000);
    expect(recording.snapshot().segments).toHaveLength(4);
  });

  it('refuses for good, the recording of one who does not wait has failed and its spool stays', async () => {
    store.putFile = async () => {
      throw new StorageError('denied', 'The credentials are wrong.', false);
    };
    const { recording, outcome } = await start({}, { storePatienceMs: 60_000 });
    participant.publish('microphone', 'microphone', 'opus');
    participant.play({ ...microphone, samples: opusSamples(1).slice(0, 20), fromMs: 0 });
    recording.obey('stop');
    expect(await outcome).toMatchObject({ kind: 'failed', reason: 'store.denied', fault: 'destination' });
    const [attempt] = readdirSync(join(folder, 'spool'));
    expect(readdirSync(join(folder, 'spool', attempt ?? '')).sort()).toEqual(['camera-000001.webm', 'journal.log']);
  });
});

async function keysInStore(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}

/** Waits for what happens by itself: files being written. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
