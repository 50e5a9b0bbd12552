/**
 * What a kill costs: the whole product runs, somebody is recorded, and the recorder is killed again and again in one recording.
 *
 * Measured in the finished file, by the pictures themselves: captured media lost is what was sent before the kill and is not in the
 * file; recording again is when the first picture was sent that is there after it. So signalling, the wait for a keyframe and
 * everything else between a process and a picture is part of the figure.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { buildDashboard } from '../infra/dev/build-dashboard.ts';
import { collectHistory } from '../infra/faults/collect-history.ts';
import { violations } from '../infra/faults/invariants.ts';
import { costOf, type KillLoss } from '../infra/faults/loss.ts';
import { loadParticipantClips } from '../infra/faults/participant.ts';
import { Product } from '../infra/faults/product.ts';
import { Scene, type Subject } from '../infra/faults/scene.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import type { Figure } from './figure.ts';
import { percentile } from './rig/percentile.ts';

const USUAL_KILLS = 20;
const USUAL_MACHINES = 5;
/** Of media between two kills, not in step with the segments. */
const PLAYED_MS = [5300, 6100, 7000] as const;
const AGAIN_WITHIN_MS = 60_000;
const FINAL_WITHIN_MS = 120_000;
/** What was sent just before a kill is still on its way: nobody captured it. */
const ON_THE_WAY_MS = 100;

export const recovery: Benchmark = {
  summary: 'kill -9 of the worker, or its machine gone → recording again; captured media lost.',
  options: {
    kills: `kills of the worker, in one recording (${USUAL_KILLS}); below 1: none`,
    machines: `machines that go with their spool, in one recording (${USUAL_MACHINES}); below 1: none`,
  },
  run,
};

async function run(context: BenchmarkContext): Promise<Figure[]> {
  const kills = Math.floor(context.number('kills', USUAL_KILLS));
  const machines = Math.floor(context.number('machines', USUAL_MACHINES));
  await Promise.all([loadParticipantClips(), buildDashboard(context.say)]);
  const killed = await story(context, kills, 'kill', 1, async (scene) => scene.product.machine.signal('SIGKILL'));
  const replaced = await story(context, machines, 'machine', 2, async (scene, subject) => {
    const holder = await scene.holderOf(subject);
    await holder.destroy();
    // The next one needs somewhere to go.
    await scene.product.addMachine();
  });
  return [...figuresOf('killed worker', killed, 3, 2), ...figuresOf('machine gone', replaced, 15, 2)];
}

/** One recording through so many faults, and what each of them cost. */
async function story(
  { say }: BenchmarkContext,
  count: number,
  what: string,
  machines: number,
  fault: (scene: Scene, subject: Subject) => Promise<void>,
): Promise<KillLoss[]> {
  if (count < 1) return [];
  const product = await Product.start({ machines });
  try {
    const scene = new Scene(product, true);
    const subject = await scene.recorded();
    const atMs: number[] = [];
    for (let turn = 0; turn < count; turn++) {
      await delay(PLAYED_MS[turn % PLAYED_MS.length] ?? PLAYED_MS[0]);
      const epoch = await scene.epochOf(subject.id);
      const moment = performance.now();
      atMs.push(moment);
      await fault(scene, subject);
      await scene.untilRecordingAgain(subject, epoch, AGAIN_WITHIN_MS);
      say(
        `${what} ${turn + 1} of ${count}: reported again after ${((performance.now() - moment) / 1000).toFixed(1)} s`,
      );
    }
    await delay(PLAYED_MS[0]);
    await product.api.stopRecording(subject.id);
    await scene.leaveAll();
    const history = await collectHistory(product, { shows: scene.shows, finalWithinMs: FINAL_WITHIN_MS });
    for (const violation of violations(history)) say(`Not as promised: ${violation}`);
    const loss = scene.fileOf(history, subject.id)?.loss;
    if (!loss) throw new Error(`There is no file: ${scene.readyProblems(history, subject.id).join(' ')}`);
    return atMs.map((moment) => costOf(loss, moment));
  } finally {
    await product.stop();
    await product.removeFolder();
  }
}

function figuresOf(name: string, costs: readonly KillLoss[], againS: number, lostS: number): Figure[] {
  if (costs.length === 0) return [];
  const again = costs.map(({ recoveredMs }) =>
    Number.isNaN(recoveredMs) ? Number.POSITIVE_INFINITY : recoveredMs / 1000,
  );
  const lost = costs.map(({ lostMs }) => Math.max(0, lostMs - ON_THE_WAY_MS) / 1000);
  const note = `${costs.length} times`;
  return [
    { name: `${name} → recording again, median`, value: percentile(again, 0.5), unit: 's', note },
    { name: `${name} → recording again, p95`, value: percentile(again, 0.95), unit: 's', target: { most: againS } },
    { name: `${name} → recording again, most`, value: Math.max(...again), unit: 's' },
    { name: `${name}: captured media lost, median`, value: percentile(lost, 0.5), unit: 's' },
    { name: `${name}: captured media lost, p95`, value: percentile(lost, 0.95), unit: 's' },
    { name: `${name}: captured media lost, most`, value: Math.max(...lost), unit: 's', target: { most: lostS } },
  ];
}
