/**
 * Whether picture and sound stay together.
 *
 * In real time: a picture that flashes and a sound that beeps at every full second of the publisher's clock, recorded through a real
 * server; the finished file is decoded with ffmpeg, and each flash is compared with its beep. The publisher ignores requests for
 * keyframes, so that its picture keeps to its clock.
 *
 * An hour, sped up: a synthetic source whose clock runs 50 ppm fast and whose sound card runs 30 ppm slow against it, with 20 ms of
 * jitter and true sender reports, goes through the pipeline; every frame's presentation time is compared with when it was captured.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { beepAudio, numberedVideo } from '../infra/publisher/clip/clip-plan.ts';
import { loadClip } from '../infra/publisher/clip/load-clip.ts';
import { Recording } from '../recorder/pipeline.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Figure } from './figure.ts';
import { BenchRig } from './rig/bench-rig.ts';
import { frameOffsets } from './rig/compare-frames.ts';
import { beepTimes, flashTimes } from './rig/flashes-and-beeps.ts';
import { percentile } from './rig/percentile.ts';
import { startRecordings, stopRecordings, takeFile } from './rig/recordings.ts';
import { SyntheticSource } from './rig/synthetic-source.ts';

const OFFSET_TARGET = { most: 20 };
const DRIFT_TARGET = { most: 20 };
const DRIFT_FROM_SECONDS = 300;
const SETTLED_AFTER_SECONDS = 5;
const JOIN_MS = 300;
/** A flash belongs to a beep no further away than this. */
const SAME_SECOND = 0.5;

/** How far the picture is behind the sound, over time. */
interface Offset {
  atSeconds: number;
  offsetMs: number;
}

export const sync: Benchmark = {
  summary: 'offset between picture and sound over minutes in real time, and over an hour of synthetic media.',
  options: {
    seconds: 'how long is recorded in real time; from 300 on drift has a target (60)',
    hours: 'length of the synthetic recording; below 0.01: none (1)',
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  const seconds = context.number('seconds', 60);
  const hours = context.number('hours', 1);
  const rig = await BenchRig.start(context.say);
  try {
    context.say(`recording ${seconds} s in real time`);
    const real = await measureRealTime(rig, seconds, context);
    const figures = figuresOf(`${seconds} s`, real.offsets, seconds);
    figures.push({
      name: `${seconds} s: flashes without a beep, or the other way`,
      value: real.unpaired,
      unit: '',
      target: { most: 0 },
    });
    if (hours >= 0.01) {
      context.say(`making ${hours} h of media`);
      figures.push(...figuresOf(`${hours} h, synthetic`, await measureSynthetic(rig, hours * 3600), hours * 3600));
    }
    return figures;
  } finally {
    await rig.stop();
  }
}

async function measureRealTime(rig: BenchRig, seconds: number, { say }: BenchmarkContext) {
  const target = { room: 'sync', identity: 'publisher' };
  // A keyframe every second: nobody has to ask for one.
  const [video, audio] = await Promise.all([
    loadClip(numberedVideo('vp8', { keyframeEvery: 30 })),
    loadClip(beepAudio()),
  ]);
  const publisher = await rig.joinPublisher(target.room, target.identity);
  await publisher.publish(
    { source: 'camera', clips: [video], answersKeyframeRequests: false },
    { source: 'microphone', clips: [audio] },
  );
  const worker = await rig.startWorker();
  try {
    const tasks = await startRecordings(rig, worker, target, 1);
    await delay(seconds * 1000);
    const [outcome] = await stopRecordings(worker, tasks);
    if (!outcome) throw new Error('There is no recording.');
    const file = join(rig.folder, 'sync.webm');
    await writeFile(file, await takeFile(rig, outcome));
    say('decoding');
    const [flashes, beeps] = [await flashTimes(file), await beepTimes(file)];
    return pair(flashes, beeps);
  } finally {
    await publisher.leave();
    await worker.stop();
  }
}

/** The file may begin and end between a flash and its beep: the first and the last may be alone. */
function pair(flashes: readonly number[], beeps: readonly number[]): { offsets: Offset[]; unpaired: number } {
  const offsets: Offset[] = [];
  for (const flash of flashes) {
    const beep = beeps.find((time) => Math.abs(time - flash) < SAME_SECOND);
    if (beep !== undefined) offsets.push({ atSeconds: flash, offsetMs: (flash - beep) * 1000 });
  }
  const alone = flashes.length + beeps.length - 2 * offsets.length;
  return { offsets, unpaired: Math.max(0, alone - 2) };
}

async function measureSynthetic(rig: BenchRig, seconds: number): Promise<Offset[]> {
  const [video, audio] = await Promise.all([
    loadClip(numberedVideo('vp8')),
    loadClip(beepAudio({ bitrateBps: 24_000 })),
  ]);
  const pending = () => recording.snapshot().stats.segmentsPending;
  const source = new SyntheticSource({
    video,
    audio,
    seconds,
    publisherDriftPpm: 50,
    soundDriftPpm: -30,
    jitterMs: 20,
    pending,
    keepsSent: true,
  });
  const recording: Recording = new Recording({
    task: await rig.task('synthetic', 'publisher'),
    source,
    store: rig.store,
    spoolDir: join(rig.folder, 'spool-synthetic'),
    clock: source.clock,
    log: pino({ level: 'silent' }),
    onChange: () => undefined,
  });
  const ended = recording.run();
  await delay(JOIN_MS);
  await source.play();
  recording.stop('requested');
  const outcome = await ended;
  const [media] = outcome.kind === 'finished' ? outcome.media : [];
  if (!media) throw new Error(`The synthetic recording failed: ${JSON.stringify(outcome)}`);
  const bytes = await buffer(await rig.store.read(media.key));
  const offsets = await frameOffsets(bytes, source.sent);
  return bySecond(offsets.video, offsets.audio);
}

/** Picture and sound that were captured in the same second. */
function bySecond(
  video: readonly { atMicros: number; offsetMicros: number }[],
  audio: readonly { atMicros: number; offsetMicros: number }[],
): Offset[] {
  const ofSecond = (list: typeof audio) => {
    const map = new Map<number, number>();
    for (const { atMicros, offsetMicros } of list) map.set(Math.floor(atMicros / 1_000_000), offsetMicros);
    return map;
  };
  const sound = ofSecond(audio);
  return [...ofSecond(video)].flatMap(([second, offset]) => {
    const other = sound.get(second);
    return other === undefined ? [] : [{ atSeconds: second, offsetMs: (offset - other) / 1000 }];
  });
}

function figuresOf(name: string, offsets: readonly Offset[], seconds: number): Figure[] {
  // Until the first sender reports have come, the time of arrival is all there is.
  const [first] = offsets;
  const settled = offsets.filter(({ atSeconds }) => atSeconds - (first?.atSeconds ?? 0) >= SETTLED_AFTER_SECONDS);
  const sizes = offsets.map(({ offsetMs }) => Math.abs(offsetMs));
  // Less is the noise of a line through a minute.
  const driftTarget = seconds >= DRIFT_FROM_SECONDS ? DRIFT_TARGET : undefined;
  return [
    { name: `${name}: picture against sound, p95`, value: percentile(sizes, 0.95), unit: 'ms', target: OFFSET_TARGET },
    { name: `${name}: picture against sound, worst`, value: percentile(sizes, 1), unit: 'ms' },
    { name: `${name}: drift`, value: Math.abs(driftPerHourMs(settled)), unit: 'ms/h', target: driftTarget },
  ];
}

/** The slope of a straight line through the offsets (least squares). */
function driftPerHourMs(offsets: readonly Offset[]): number {
  const count = offsets.length;
  const meanAt = offsets.reduce((sum, { atSeconds }) => sum + atSeconds, 0) / count;
  const meanOffset = offsets.reduce((sum, { offsetMs }) => sum + offsetMs, 0) / count;
  let above = 0;
  let below = 0;
  for (const { atSeconds, offsetMs } of offsets) {
    above += (atSeconds - meanAt) * (offsetMs - meanOffset);
    below += (atSeconds - meanAt) ** 2;
  }
  return (above / below) * 3600;
}
