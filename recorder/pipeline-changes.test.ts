/** Recordings whose time, size or wholeness changes in the middle: what the file is then, and what is said of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../storage/folder-store.ts';
import { gapSchema, trackSummarySchema } from './contract/media.ts';
import { liveStatsSchema, type Outcome } from './contract/report.ts';
import { Recording, type RecordingOptions } from './pipeline.ts';
import { opusSamples, type Sample, videoSamples } from './testing/encoded-samples.ts';
import { HeldClock } from './testing/held-clock.ts';
import { decode, probe } from './testing/probe.ts';
import { recordingTask } from './testing/recording-task.ts';
import { ScriptedParticipant } from './testing/scripted-participant.ts';

// ffmpeg encodes and decodes here, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let clock: HeldClock;
let participant: ScriptedParticipant;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipeline-changes-'));
  clock = new HeldClock();
  participant = new ScriptedParticipant(clock);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function start(task: Partial<RecordingOptions['task']> = {}) {
  const recording = new Recording({
    task: recordingTask(task),
    source: participant,
    store: await FolderStore.open(join(folder, 'store')),
    spoolDir: join(folder, 'spool'),
    clock,
    log: { info: () => {}, warn: () => {} },
    onChange: () => {},
    ticker: clock.ticker,
  });
  const outcome = recording.run();
  await participant.connected;
  participant.publish('camera', 'camera', 'vp8');
  participant.publish('microphone', 'microphone', 'opus');
  return { recording, outcome };
}

/** A second of both, from a keyframe on. */
function playSecond(fromMs: number, second: number): void {
  const video = videoSamples({ codec: 'vp8', seconds: 4, fps: 25, keyframeInterval: 25 });
  participant.play(
    { trackSid: 'camera', framesPerSecond: 25, samples: video.slice(second * 25, second * 25 + 25), fromMs },
    { trackSid: 'microphone', framesPerSecond: 50, samples: opusSamples(1), fromMs },
  );
}

async function fileOf(outcome: Promise<Outcome>) {
  const ended = await outcome;
  if (ended.kind !== 'finished') throw new Error(`It is ${ended.kind}: ${ended.message}`);
  expect(ended.media).toHaveLength(1);
  const [media] = ended.media;
  return { durationMs: media?.durationMs, path: join(folder, 'store', media?.key ?? 'missing') };
}

/** In milliseconds, to the hundredth of a second: the frame rate is learnt, so a frame's end may be a little off. */
function toHundredth(micros: number): number {
  return Math.round(micros / 10_000) * 10;
}

function gapsOf(recording: Recording): string[] {
  return recording
    .snapshot()
    .gaps.map((gap) => gapSchema.strict().parse(gap))
    .map(({ kind, fromMicros, toMicros, reason, cutMicros }) => {
      const cut = cutMicros === undefined ? '' : `, ${Math.round(cutMicros / 1000)} cut`;
      return `${kind} ${reason} ${toHundredth(fromMicros)}-${toHundredth(toMicros)}${cut}`;
    })
    .sort();
}

/** One after the other from 0, to the millisecond. */
function expectSteady(times: number[] | undefined, count: number, stepMs: number): void {
  expect(times).toHaveLength(count);
  for (const [index, time] of (times ?? []).entries()) expect(Math.abs(time - index * stepMs)).toBeLessThanOrEqual(1);
}

describe('a pause of three seconds', () => {
  async function recordWithPause(command: 'resume' | 'resume-cut') {
    const { recording, outcome } = await start();
    playSecond(0, 0);
    recording.obey('pause');
    playSecond(1000, 1);
    clock.passTo(4000);
    expect(recording.snapshot().state).toBe('paused');
    recording.obey(command);
    playSecond(4000, 2);
    playSecond(5000, 3);
    recording.obey('stop');
    return { recording, file: await fileOf(outcome) };
  }

  it('is a hole as long as it was when time goes on', async () => {
    const { recording, file } = await recordWithPause('resume');
    expect(file.durationMs).toBe(6000);
    expect(gapsOf(recording)).toEqual(['audio paused 1000-4000', 'video paused 1000-4000']);
    expect(recording.snapshot().stats.cutMs).toBe(0);
    const times = probe(file.path).video?.times.map(Math.round) ?? [];
    expect(times).toEqual(
      [0, 4000, 5000].flatMap((from) => Array.from({ length: 25 }, (_, index) => from + index * 40)),
    );
    expect(decode(file.path)).toMatchObject({ errors: '', videoFrames: 75 });
  });

  it('takes no time in the recording when it is cut out, and is listed with what was cut', async () => {
    const { recording, file } = await recordWithPause('resume-cut');
    expect(file.durationMs).toBe(3000);
    expect(gapsOf(recording)).toEqual(['audio paused 1000-1000, 3000 cut', 'video paused 1000-1000, 3000 cut']);
    expect(liveStatsSchema.parse(recording.snapshot().stats)).toMatchObject({ cutMs: 3000, durationMs: 3000 });
    const { video, audio } = probe(file.path);
    expectSteady(video?.times, 75, 40);
    expectSteady(audio?.times, 150, 20);
    expect(decode(file.path)).toMatchObject({ errors: '', videoFrames: 75 });
    expect(recording.snapshot().tracks.map((track) => track.framesDropped)).toEqual([{ paused: 25 }, { paused: 50 }]);
  });

  it('does not count towards the longest duration when it is cut out', async () => {
    const { recording, outcome } = await start({ maxDurationMs: 2500 });
    playSecond(0, 0);
    recording.obey('pause');
    clock.passTo(4000);
    recording.obey('resume-cut');
    clock.passTo(4200);
    playSecond(4200, 1);
    playSecond(5200, 2);
    // The last picture begins before the end and is shown for its 40 ms.
    expect(await outcome).toMatchObject({ stopReason: 'max-duration', media: [{ durationMs: 2520 }] });
  });
});

describe('video after a loss', () => {
  /** The 11th picture of the first second never came; the next keyframe is the 26th. */
  async function recordWithLoss(undecodable: 'keep' | 'drop') {
    const { recording, outcome } = await start({ undecodable });
    const all = videoSamples({ codec: 'vp8', seconds: 2, fps: 25, keyframeInterval: 25 });
    const before = all.slice(0, 10);
    const after: Sample[] = all.slice(11).map((sample, index) => ({ ...sample, afterLoss: index === 0 }));
    const play = (samples: readonly Sample[], fromMs: number) =>
      participant.play({ trackSid: 'camera', framesPerSecond: 25, samples, fromMs });
    play(before, 0);
    play(after, 440);
    recording.obey('stop');
    return { recording, file: await fileOf(outcome) };
  }

  it('is kept unless it is told otherwise, and the loss is listed', async () => {
    const { recording, file } = await recordWithLoss('keep');
    expect(gapsOf(recording)).toEqual(['video packet-loss 400-440']);
    expect(probe(file.path).video?.times).toHaveLength(49);
    expect(recording.snapshot().tracks).toMatchObject([{ frames: 49, framesDropped: {} }]);
  });

  it('is left out until the next keyframe if so wished, counted, and listed as one gap', async () => {
    const { recording, file } = await recordWithLoss('drop');
    expect(gapsOf(recording)).toEqual(['video packet-loss 400-1000']);
    expect(participant.keyframeRequests).toContain('camera');
    expect(recording.snapshot().tracks).toMatchObject([{ frames: 35, framesDropped: { undecodable: 14 } }]);
    // No picture refers to one that is missing.
    expect(decode(file.path)).toMatchObject({ errors: '', videoFrames: 35 });
  });
});

describe.each(['vp8', 'h264'] as const)('%s that goes from 1080 to 720 and back', (codec) => {
  it('is one file that decodes in all its sizes, which are listed with their times', async () => {
    const { recording, outcome } = await start();
    participant.publish('camera', 'camera', codec);
    const sizes = [
      [1920, 1080],
      [1280, 720],
      [1920, 1080],
    ] as const;
    for (const [index, [width, height]] of sizes.entries()) {
      const samples = videoSamples({ codec, seconds: 1, fps: 5, width, height });
      participant.play({ trackSid: 'camera', framesPerSecond: 5, samples, fromMs: index * 1000 });
    }
    recording.obey('stop');
    const { path, durationMs } = await fileOf(outcome);
    expect(durationMs).toBe(3000);
    // A decoder shows each size it meets once in this list.
    expect(decode(path)).toMatchObject({ errors: '', videoFrames: 15, sizes: ['1920,1080', '1280,720'] });
    const [track] = recording.snapshot().tracks.map((each) => trackSummarySchema.parse(each));
    expect(
      track?.resolutions.map(({ fromMicros, width, height }) => [Math.round(fromMicros / 1000), width, height]),
    ).toEqual(sizes.map(([width, height], index) => [index * 1000, width, height]));
    expect(track).toMatchObject({ frames: 15, keyframes: 3, mediaMs: 3000, presentationJitterMs: { maximum: 0 } });
  });
});
