/**
 * How many recordings one worker process carries, everything included: signalling, ICE, DTLS, SRTP, repair, timeline, segments
 * fsynced to the spool and uploaded to a real S3 server, reports.
 *
 * One participant publishes hard 720p30 (VP8 at 2.1 Mbps, encoded beforehand) with Opus, 50 packets a second, and is recorded N
 * times by N recorders in the same room: for a worker that is as much work as N participants, and it saves the server and this
 * machine N - 1 publishers. Each step has a fresh worker process. CPU is the worker process's own, read from /proc over a
 * stretch in which all N record; frames are compared with what the publisher sent, in the finished files.
 *
 * Beside it, in the same run and from the same publisher: decoding with LiveKit's SDK and encoding with ffmpeg, as is usual.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../infra/dev/child-process.ts';
import { projectFolder } from '../infra/dev/prepare.mjs';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Figure, Target } from './figure.ts';
import { BenchRig } from './rig/bench-rig.ts';
import { assertUsageIsReadable, machineTicks, ownProcessesMs, treeUsageOf, usageOf } from './rig/process-usage.ts';
import { loadHardClips, publishHard } from './rig/publish-hard.ts';
import {
  type ComparedRecordings,
  compareRecordings,
  type Published,
  startRecordings,
  stopRecordings,
} from './rig/recordings.ts';

/** Of one core, for each recording. */
const cpuTargets: Record<number, Target> = { 1: { most: 5 }, 10: { most: 1.2 }, 25: { most: 0.8 }, 100: { most: 0.8 } };
const lostTargets: Record<number, Target> = { 100: { most: 0 } };
const FIRST_MEGABYTES: Target = { most: 100 };
const FURTHER_MEGABYTES: Target = { most: 2 };
const TIMES_DEARER: Target = { least: 60 };
/** Which of ours the usual way is compared with. */
const COMPARED_COUNT = 25;

/** After the last one records: joining is over, and what V8 compiles at first is compiled. */
const SETTLE_MS = 10_000;

const target = { room: 'density', identity: 'publisher' };

interface Step extends ComparedRecordings {
  count: number;
  cpuPercentEach: number;
  residentMegabytes: number;
  machinePercent: number;
}

export const density: Benchmark = {
  summary: 'CPU and memory of one worker process with 1 to 100 recordings of 720p30, and of the usual way.',
  options: {
    counts: 'how many recordings at once, one step each (1,10,25,50,100)',
    seconds: 'how long each step is measured (20)',
    usual: 'how long the usual way is measured, in seconds; below 1: not at all (20)',
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  assertUsageIsReadable();
  const seconds = context.number('seconds', 20);
  const usualSeconds = context.number('usual', 20);
  context.say('encoding the clip, the first time');
  await loadHardClips();
  return BenchRig.use(context.say, async (rig) => {
    const publisher = await rig.joinPublisher(target.room, target.identity);
    const published = await publishHard(publisher);
    const steps: Step[] = [];
    for (const count of context.numbers('counts', [1, 10, 25, 50, 100])) {
      steps.push(await measure(rig, published, count, seconds, context));
    }
    const usual = usualSeconds < 1 ? undefined : await measureUsualWay(rig, usualSeconds, context);
    await publisher.leave();
    return figuresOf(steps, usual);
  });
}

async function measure(
  rig: BenchRig,
  published: Published,
  count: number,
  seconds: number,
  { say }: BenchmarkContext,
): Promise<Step> {
  say(`${count}: starting`);
  const worker = await rig.startWorker();
  try {
    const tasks = await startRecordings(rig, worker, target, count);
    await delay(SETTLE_MS);
    const before = await look(worker.pid);
    await delay(seconds * 1000);
    const after = await look(worker.pid);
    const wallMs = after.atMs - before.atMs;
    const threads = percentages(before.worker.cpuMsByThread, after.worker.cpuMsByThread, wallMs);
    const beside = percentages(before.processesMs, after.processesMs, wallMs);
    say(`${count}: measured, stopping`);
    const comparison = await compareRecordings(rig, await stopRecordings(worker, tasks), published);
    const step: Step = {
      count,
      cpuPercentEach: (100 * (after.worker.cpuMs - before.worker.cpuMs)) / wallMs / count,
      residentMegabytes: after.worker.residentBytes / 1e6,
      machinePercent: (100 * (after.machine.busy - before.machine.busy)) / (after.machine.all - before.machine.all),
      ...comparison,
    };
    say(
      `${count}: ${step.cpuPercentEach.toFixed(2)} % of a core each, ${step.residentMegabytes.toFixed(0)} MB, ` +
        `${step.missingVideo} of ${step.sentVideo} frames missing`,
    );
    say(`${count}: its threads: ${listText(threads)}`);
    say(`${count}: machine ${step.machinePercent.toFixed(0)} % busy; processes: ${listText(beside)}`);
    return step;
  } finally {
    await worker.stop();
  }
}

async function look(pid: number) {
  const [worker, machine, processesMs] = await Promise.all([usageOf(pid), machineTicks(), ownProcessesMs()]);
  return { worker, machine, processesMs, atMs: performance.now() };
}

/** Of a core, by name; what is next to nothing is left out. */
function percentages(before: Record<string, number>, after: Record<string, number>, wallMs: number) {
  return Object.entries(after)
    .map(([name, ms]) => ({ name, percent: (100 * (ms - (before[name] ?? 0))) / wallMs }))
    .filter(({ percent }) => percent >= 0.5);
}

function listText(list: readonly { name: string; percent: number }[]): string {
  return list.map(({ name, percent }) => `${name} ${percent.toFixed(1)} %`).join(', ');
}

async function measureUsualWay(rig: BenchRig, seconds: number, { say }: BenchmarkContext): Promise<number> {
  say('the usual way: starting');
  const token = await rig.token(target.room, 'usual-way', { canPublish: false, canSubscribe: true });
  const child = await startChild({
    name: 'usual way',
    command: process.execPath,
    args: [join(projectFolder, '.build', 'bench', 'usual-way.js'), join(rig.folder, 'usual-way.mp4')],
    env: { ...process.env, LIVEKIT_URL: rig.livekit.url, LIVEKIT_TOKEN: token },
  });
  try {
    await delay(SETTLE_MS);
    const before = await treeUsageOf(child.pid);
    const startMs = performance.now();
    await delay(seconds * 1000);
    const after = await treeUsageOf(child.pid);
    const percent = (100 * (after.cpuMs - before.cpuMs)) / (performance.now() - startMs);
    const megabytes = after.residentBytes / 1e6;
    say(`the usual way: ${percent.toFixed(1)} % of a core, ${megabytes.toFixed(0)} MB`);
    if (percent < 1) throw new Error(`The usual way recorded nothing: ${child.tail()}`);
    return percent;
  } finally {
    await child.stop();
  }
}

function figuresOf(steps: readonly Step[], usualPercent: number | undefined): Figure[] {
  const figures: Figure[] = [];
  const first = steps.find(({ count }) => count === 1);
  for (const step of steps) {
    const { count } = step;
    const of = (name: string) => `${count}: ${name}`;
    const machine = `machine ${step.machinePercent.toFixed(0)} % busy`;
    figures.push(
      {
        name: of('CPU each'),
        value: step.cpuPercentEach,
        unit: '% of a core',
        target: cpuTargets[count],
        note: machine,
      },
      { name: of('frames lost'), value: step.missingVideo, unit: `of ${step.sentVideo}`, target: lostTargets[count] },
      { name: of('audio packets lost'), value: step.missingAudio, unit: '', target: lostTargets[count] },
      { name: of('frames not as sent'), value: step.unexpected, unit: '', target: { most: 0 } },
      { name: of('presentation time off by, worst'), value: step.worstTimingMs, unit: 'ms' },
      { name: of('presentation time off by, after 3 s'), value: step.settledTimingMs, unit: 'ms' },
      count === 1
        ? { name: of('memory'), value: step.residentMegabytes, unit: 'MB', target: FIRST_MEGABYTES }
        : { name: of('memory'), value: step.residentMegabytes, unit: 'MB' },
    );
    if (first && count > 1) {
      const further = (step.residentMegabytes - first.residentMegabytes) / (count - 1);
      figures.push({ name: of('memory of each further one'), value: further, unit: 'MB', target: FURTHER_MEGABYTES });
    }
  }
  if (usualPercent === undefined) return figures;
  const compared = steps.find(({ count }) => count === COMPARED_COUNT);
  figures.push({ name: 'usual way: CPU', value: usualPercent, unit: '% of a core' });
  if (compared) {
    const times = usualPercent / compared.cpuPercentEach;
    figures.push({
      name: `usual way: dearer than each of ${COMPARED_COUNT}`,
      value: times,
      unit: 'times',
      target: TIMES_DEARER,
    });
  }
  return figures;
}
