/**
 * CPU and lost frames for every codec that can be published: hard 720p30 at 2.1 Mbps of each, with Opus, recorded by ten
 * recorders in one fresh worker process; then each kind of sound by itself. Every frame is compared by its bytes, and ffmpeg
 * decodes one file of each. What the worker cannot record is a figure that falls short.
 */
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { hardAudio, hardVideo, type VideoEncoder } from '../infra/publisher/clip/clip-plan.ts';
import { loadClip } from '../infra/publisher/clip/load-clip.ts';
import type { TrackPlan } from '../infra/publisher/scripted-publisher.ts';
import type { Outcome } from '../recorder/contract/report.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Figure } from './figure.ts';
import { BenchRig } from './rig/bench-rig.ts';
import { assertUsageIsReadable, usageOf } from './rig/process-usage.ts';
import { compareRecordings, startRecordings, stopRecordings } from './rig/recordings.ts';
import { runFfmpeg } from './rig/run-ffmpeg.ts';

/** What joining and the first keyframes cost is over. */
const SETTLE_MS = 1000;
/** Each frame at its own time: in ticks of a guessed frame rate two frames would share one, which is an error. */
const DECODE = ['-fps_mode', 'passthrough', '-enc_time_base:v', '-1', '-f', 'null', '-'];
/** Twice that of VP8 would mean that a depacketizer does something silly. */
const CPU_TARGET = { most: 2.4 };

interface Case {
  name: string;
  plans(): Promise<TrackPlan[]>;
}

function withOpus(name: string, encoder: VideoEncoder, temporalLayers: 1 | 2 | 3 = 1): Case {
  return {
    name,
    plans: async () => [
      { source: 'camera', clips: [await loadClip(hardVideo(encoder, { temporalLayers }))] },
      { source: 'microphone', clips: [await loadClip(hardAudio())] },
    ],
  };
}

function sound(name: string, plan: Parameters<typeof hardAudio>[0], more: Partial<TrackPlan> = {}): Case {
  return {
    name,
    plans: async () => [{ source: 'microphone', clips: [await loadClip(hardAudio(plan))], ...more }],
  };
}

const cases: readonly Case[] = [
  withOpus('VP8', 'vp8'),
  withOpus('VP8 L1T3', 'vp8', 3),
  {
    name: 'VP8 simulcast',
    plans: async () => [
      {
        source: 'camera',
        clips: [
          await loadClip(hardVideo('vp8', { width: 320, height: 180, bitrateBps: 150_000 })),
          await loadClip(hardVideo('vp8', { width: 640, height: 360, bitrateBps: 500_000 })),
          await loadClip(hardVideo('vp8')),
        ],
      },
      { source: 'microphone', clips: [await loadClip(hardAudio())] },
    ],
  },
  withOpus('VP9', 'vp9'),
  withOpus('VP9 L1T3', 'vp9', 3),
  withOpus('VP9 profile 2', 'vp9-profile2'),
  withOpus('AV1', 'av1'),
  withOpus('H.264 mode 0', 'h264-mode0'),
  withOpus('H.264 baseline', 'h264-baseline'),
  withOpus('H.264 main', 'h264-main'),
  withOpus('H.264 high', 'h264-high'),
  withOpus('H.265', 'h265'),
  sound('Opus', {}),
  sound('Opus in RED', {}, { red: true }),
  sound('PCMU', { codec: 'pcmu', channels: 1 }),
  sound('PCMA', { codec: 'pcma', channels: 1 }),
];

export const codecs: Benchmark = {
  summary: 'CPU and lost frames for each codec, ten recordings in one worker process.',
  options: {
    seconds: 'how long each codec is measured (3)',
    count: 'recordings at once (10)',
    cases: `which of them, by number from 1 to ${cases.length} (all)`,
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  assertUsageIsReadable();
  const seconds = context.number('seconds', 3);
  const count = context.number('count', 10);
  const wanted = context.numbers(
    'cases',
    cases.map((_, index) => index + 1),
  );
  const rig = await BenchRig.start(context.say);
  try {
    const figures: Figure[] = [];
    for (const each of cases.filter((_, index) => wanted.includes(index + 1))) {
      context.say(each.name);
      figures.push(...(await measure(rig, each, count, seconds)));
    }
    return figures;
  } finally {
    await rig.stop();
  }
}

async function measure(rig: BenchRig, { name, plans }: Case, count: number, seconds: number): Promise<Figure[]> {
  const target = { room: `codecs ${name}`, identity: 'publisher' };
  const publisher = await rig.joinPublisher(target.room, target.identity);
  const worker = await rig.startWorker();
  try {
    const tracks = await publisher.publish(...(await plans()));
    const tasks = await startRecordings(rig, worker, target, count, { withinMs: 15_000 });
    await delay(SETTLE_MS);
    const [before, startMs] = [await usageOf(worker.pid), performance.now()];
    await delay(seconds * 1000);
    const [after, endMs] = [await usageOf(worker.pid), performance.now()];
    const outcomes = await stopRecordings(worker, tasks);
    const complaints = await decodingErrors(rig, outcomes[0]);
    const compared = await compareRecordings(rig, outcomes, {
      video: tracks.find(({ source }) => source === 'camera'),
      audio: tracks.find(({ source }) => source === 'microphone'),
    });
    const sent = compared.lowerLayers + compared.sentVideo + compared.sentAudio;
    const expected = count * seconds * (tracks.length > 1 ? 80 : 50);
    return [
      {
        name: `${name}: CPU each`,
        value: (100 * (after.cpuMs - before.cpuMs)) / (endMs - startMs) / count,
        unit: '% of a core',
        target: CPU_TARGET,
      },
      {
        name: `${name}: frames lost`,
        // A track that is not in the file at all was lost as a whole.
        value: compared.missingVideo + compared.missingAudio + Math.max(0, expected - sent),
        unit: `of ${Math.max(sent, expected)}`,
        target: { most: 0 },
      },
      { name: `${name}: frames not as sent`, value: compared.unexpected, unit: '', target: { most: 0 } },
      { name: `${name}: errors of ffmpeg`, value: complaints, unit: '', target: { most: 0 } },
    ];
  } catch (error) {
    return [
      { name: `${name}: CPU each`, value: Number.NaN, unit: '', target: CPU_TARGET, note: (error as Error).message },
    ];
  } finally {
    await publisher.leave();
    await worker.stop();
  }
}

/** Of one file that ffmpeg decodes, picture and sound. */
async function decodingErrors(rig: BenchRig, outcome: Outcome | undefined): Promise<number> {
  const [media] = outcome?.kind === 'finished' ? outcome.media : [];
  if (!media) return Number.NaN;
  const { errors } = await runFfmpeg(await buffer(await rig.store.read(media.key)), DECODE);
  return errors.split('\n').filter(Boolean).length;
}
