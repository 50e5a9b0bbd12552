/**
 * Whether a worker grows with time: ten recordings of 720p30 for hours, memory and handles once a minute; then ten rapid cycles of
 * start and stop. Memory is compared between the end of the first tenth and the end; handles before the first recording and after the
 * last one has ended, without the connections to store and control plane: those are kept, as many as were needed at once.
 */
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Figure } from './figure.ts';
import { BenchRig, type Worker } from './rig/bench-rig.ts';
import { openHandles } from './rig/open-handles.ts';
import { assertUsageIsReadable, usageOf } from './rig/process-usage.ts';
import { loadHardClips, publishHard } from './rig/publish-hard.ts';
import { compareRecordings, startRecordings, stopRecordings } from './rig/recordings.ts';

const target = { room: 'soak', identity: 'publisher' };
const CYCLES = 10;
const CYCLE_MS = 1500;
/** Sockets and files are closed a moment after the last report. */
const SETTLE_MS = 3000;
const SAMPLES = 100;
const SHORTEST_SAMPLE_MS = 1000;
const LONGEST_SAMPLE_MS = 60_000;
/** More than the heap breathes. */
const MOST_GROWTH_PERCENT = 10;

interface Sample {
  residentMegabytes: number;
  handles: number;
  /** To store and control plane. */
  connections: number;
  threads: number;
}

export const soak: Benchmark = {
  summary: 'memory and handles of a worker over hours, and over rapid starts and stops.',
  options: {
    hours: 'how long (1)',
    count: 'recordings at once (10)',
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  assertUsageIsReadable();
  const hours = context.number('hours', 1);
  const count = context.number('count', 10);
  await loadHardClips();
  return BenchRig.use(context.say, async (rig) => {
    const publisher = await rig.joinPublisher(target.room, target.identity);
    const published = await publishHard(publisher);
    const worker = await rig.startWorker();
    try {
      // Loads what is loaded when needed, and opens the connections to the store that are kept.
      await cycle(rig, worker, count);
      const idle = await settledSample(rig, worker);
      const tasks = await startRecordings(rig, worker, target, count);
      const samples = await watch(rig, worker, hours * 3_600_000, context);
      const compared = await compareRecordings(rig, await stopRecordings(worker, tasks), published);
      for (let turn = 1; turn <= CYCLES; turn++) {
        context.say(`cycle ${turn} of ${CYCLES}`);
        await cycle(rig, worker, count);
      }
      return figuresOf(idle, samples, await settledSample(rig, worker), compared.missingVideo + compared.missingAudio);
    } finally {
      await worker.stop();
      await publisher.leave();
    }
  });
}

async function cycle(rig: BenchRig, worker: Worker, count: number): Promise<void> {
  const tasks = await startRecordings(rig, worker, target, count);
  await delay(CYCLE_MS);
  const outcomes = await stopRecordings(worker, tasks);
  const bad = outcomes.find(({ kind }) => kind !== 'finished');
  if (bad) throw new Error(`A recording of a rapid cycle did not end well: ${JSON.stringify(bad)}`);
  for (const outcome of outcomes) {
    if (outcome.kind === 'finished') await rig.store.delete(outcome.media.map(({ key }) => key));
  }
}

async function watch(rig: BenchRig, worker: Worker, lengthMs: number, { say }: BenchmarkContext): Promise<Sample[]> {
  const samples: Sample[] = [];
  const everyMs = Math.min(LONGEST_SAMPLE_MS, Math.max(SHORTEST_SAMPLE_MS, lengthMs / SAMPLES));
  const untilMs = performance.now() + lengthMs;
  while (performance.now() < untilMs) {
    await delay(everyMs);
    const sample = await sampleOf(rig, worker);
    samples.push(sample);
    const minutes = (lengthMs - (untilMs - performance.now())) / 60_000;
    say(`${minutes.toFixed(1)} min: ${sample.residentMegabytes.toFixed(0)} MB, ${sample.handles} handles`);
  }
  return samples;
}

async function settledSample(rig: BenchRig, worker: Worker): Promise<Sample> {
  await delay(SETTLE_MS);
  return sampleOf(rig, worker);
}

async function sampleOf(rig: BenchRig, { pid, controlPlane }: Worker): Promise<Sample> {
  const ports = [rig.storeUrl, controlPlane.url].map((url) => Number(new URL(url).port));
  const [usage, handles, threads] = await Promise.all([
    usageOf(pid),
    openHandles(pid, ports),
    readdir(`/proc/${pid}/task`),
  ]);
  return {
    residentMegabytes: usage.residentBytes / 1e6,
    handles: handles.others,
    connections: handles.connections,
    threads: threads.length,
  };
}

function figuresOf(idle: Sample, samples: readonly Sample[], after: Sample, lost: number): Figure[] {
  const early = samples[Math.ceil(samples.length / 10)]?.residentMegabytes ?? Number.NaN;
  const last = samples.at(-1)?.residentMegabytes ?? Number.NaN;
  return [
    { name: 'memory, early', value: early, unit: 'MB' },
    { name: 'memory, at the end', value: last, unit: 'MB' },
    { name: 'memory: growth', value: (100 * (last - early)) / early, unit: '%', target: { most: MOST_GROWTH_PERCENT } },
    { name: 'frames and packets lost', value: lost, unit: '', target: { most: 0 } },
    {
      name: 'handles left behind',
      value: after.handles - idle.handles,
      unit: '',
      target: { most: 0 },
      note: `${idle.handles} before, ${after.handles} after; kept connections ${idle.connections}, ${after.connections}`,
    },
    {
      name: 'threads left behind',
      value: after.threads - idle.threads,
      unit: '',
      target: { most: 0 },
      note: `${idle.threads} before, ${after.threads} after`,
    },
  ];
}
