/**
 * How soon things are where they should be.
 *
 * Beginning: the recorder is in the room and waits; the clock starts with the publisher's call to publish, and stops when the first
 * segment is durable in the spool (its line in the journal). Ending: the clock starts when the control plane says stop, and stops
 * with the report that everything is in the store (from then on the whole recording plays), and with the report of the finished
 * file. For an hour of media, which is made by a synthetic source at full bitrate, the recorder runs in this process; it is stored in
 * a folder on the spool's disk, as `npm start` does, and in S3.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { Recording } from '../recorder/pipeline.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { openStore } from '../storage/open-store.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Figure } from './figure.ts';
import { BenchRig, type Worker } from './rig/bench-rig.ts';
import { percentile } from './rig/percentile.ts';
import { loadHardClips, publishHard } from './rig/publish-hard.ts';
import { SyntheticSource } from './rig/synthetic-source.ts';

const POLL_MS = 5;
const WITHIN_MS = 30_000;
/** The recorder has joined and waits. */
const WAITING_MS = 300;
/** More than one segment is in the store then, and one is open. */
const SHORT_RECORDING_MS = 3300;

interface Timing {
  firstFrameMs: number;
  onDiskMs: number;
  storedMs: number;
  finishedMs: number;
}

export const latency: Benchmark = {
  summary: 'publish → first frame on disk; stop → everything stored, playable, one finished file.',
  options: {
    repeats: 'short recordings, for percentiles (20)',
    long: 'seconds of a longer recording (30)',
    hours: 'length of the synthetic recording; below 0.01: none (1)',
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  const repeats = context.number('repeats', 20);
  const longSeconds = context.number('long', 30);
  const hours = context.number('hours', 1);
  await loadHardClips();
  return BenchRig.use(context.say, async (rig) => {
    const worker = await rig.startWorker();
    const short: Timing[] = [];
    for (let turn = 1; turn <= repeats; turn++) {
      short.push(await measure(rig, worker, `latency-${turn}`, SHORT_RECORDING_MS));
      context.say(`${turn} of ${repeats}: ${describe(short.at(-1))}`);
    }
    const long = await measure(rig, worker, 'latency-long', longSeconds * 1000);
    context.say(`${longSeconds} s: ${describe(long)}`);
    await worker.stop();
    const figures = figuresOf(short, long, longSeconds);
    if (hours < 0.01) return figures;
    const folder = await openStore(pathToFileURL(join(rig.folder, 'store')).href, {});
    for (const [kind, store] of [['a folder', folder] as const, ['S3', rig.store] as const]) {
      const { finishedMs, megabytes } = await measureSynthetic(rig, store, hours * 3600, context);
      const name = `stop → finished file, of ${hours} h, in ${kind}`;
      const note = `${megabytes.toFixed(0)} MB`;
      figures.push({ name, value: finishedMs, unit: 'ms', target: { most: 5000 }, note });
    }
    return figures;
  });
}

async function measure(rig: BenchRig, worker: Worker, room: string, lengthMs: number): Promise<Timing> {
  const { controlPlane } = worker;
  const publisher = await rig.joinPublisher(room, 'publisher');
  const task = await rig.task(room, 'publisher');
  controlPlane.give([task]);
  const attempt = () => controlPlane.attempts.get(task.attemptId);
  await controlPlane.until(() => attempt()?.firstSeenMs.waiting !== undefined, WITHIN_MS, 'a recorder that waits');
  await delay(WAITING_MS);

  const publishedMs = performance.now();
  const publishedUnixMs = Date.now();
  const onDisk = untilOnDisk(worker.spoolDir, task.attemptId);
  await publishHard(publisher);
  const onDiskMs = (await onDisk) - publishedMs;
  await delay(Math.max(0, lengthMs - (performance.now() - publishedMs)));

  const stopMs = performance.now();
  controlPlane.command(task.attemptId, 'stop');
  const isStored = () => {
    const report = attempt()?.report;
    return report?.stoppedAtUnixMs !== undefined && report.stats.segmentsPending === 0;
  };
  await controlPlane.until(isStored, WITHIN_MS, 'a recording whose segments are all stored');
  const storedMs = performance.now() - stopMs;
  await controlPlane.until(() => attempt()?.report.outcome !== undefined, WITHIN_MS, 'a finished file');
  const finishedMs = performance.now() - stopMs;
  await publisher.leave();
  const startedAtUnixMs = attempt()?.report.startedAtUnixMs ?? Number.NaN;
  return { firstFrameMs: startedAtUnixMs - publishedUnixMs, onDiskMs, storedMs, finishedMs };
}

/** Resolves with the moment at which the journal lists a segment: file and line are synced then. */
async function untilOnDisk(spoolDir: string, attemptId: string): Promise<number> {
  const until = performance.now() + WITHIN_MS;
  // The worker has a folder of its own in the spool.
  const [ofWorker = ''] = await readdir(spoolDir);
  const log = join(spoolDir, ofWorker, attemptId, 'journal.log');
  while (performance.now() < until) {
    const text = await readFile(log, 'utf8').catch(() => '');
    if (text.includes('"kind":"segment"')) return performance.now();
    await delay(POLL_MS);
  }
  throw new Error(`Nothing came into ${log} within ${WITHIN_MS / 1000} s.`);
}

async function measureSynthetic(rig: BenchRig, store: ObjectStore, seconds: number, { say }: BenchmarkContext) {
  say(`making ${seconds} s of media`);
  const { video, audio } = await loadHardClips();
  const pending = () => recording.snapshot().stats.segmentsPending;
  const source = new SyntheticSource({ video, audio, seconds, pending, keepsSent: false });
  const recording: Recording = new Recording({
    task: await rig.task('synthetic', 'publisher'),
    source,
    store,
    spoolDir: join(rig.folder, 'spool-synthetic'),
    clock: source.clock,
    log: pino({ level: 'silent' }),
    onChange: () => undefined,
  });
  const ended = recording.run();
  await delay(WAITING_MS);
  await source.play();
  const stopMs = performance.now();
  recording.stop('requested');
  const outcome = await ended;
  const finishedMs = performance.now() - stopMs;
  if (outcome.kind !== 'finished') throw new Error(`The synthetic recording failed: ${JSON.stringify(outcome)}`);
  const megabytes = outcome.media.reduce((sum, media) => sum + media.sizeBytes, 0) / 1e6;
  say(`${seconds} s, ${megabytes.toFixed(0)} MB: finished in ${finishedMs.toFixed(0)} ms`);
  return { finishedMs, megabytes };
}

function describe(timing: Timing | undefined): string {
  return Object.entries(timing ?? {})
    .map(([name, ms]) => `${name} ${ms.toFixed(0)}`)
    .join(', ');
}

function figuresOf(short: readonly Timing[], long: Timing, longSeconds: number): Figure[] {
  const of = (name: keyof Timing) => short.map((timing) => timing[name]);
  const p95 = (name: keyof Timing) => percentile(of(name), 0.95);
  return [
    { name: 'publish → first frame taken, p95', value: p95('firstFrameMs'), unit: 'ms' },
    { name: 'publish → first frame on disk, median', value: percentile(of('onDiskMs'), 0.5), unit: 'ms' },
    { name: 'publish → first frame on disk, p95', value: p95('onDiskMs'), unit: 'ms', target: { most: 400 } },
    { name: 'stop → last frame stored, p95', value: p95('storedMs'), unit: 'ms', target: { most: 300 } },
    { name: 'stop → playable, p95', value: p95('storedMs'), unit: 'ms', target: { most: 200 } },
    { name: `stop → playable, of ${longSeconds} s`, value: long.storedMs, unit: 'ms', target: { most: 200 } },
    { name: 'stop → finished file, of 3 s, p95', value: p95('finishedMs'), unit: 'ms', target: { most: 300 } },
    { name: `stop → finished file, of ${longSeconds} s`, value: long.finishedMs, unit: 'ms', target: { most: 300 } },
  ];
}
