import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { PreviewOutcome, PreviewTask } from '../contract/previews.ts';
import type { ReportBatch, ReportReply } from '../contract/report.ts';
import { ControlPlaneError } from './control-plane.ts';
import { PreviewLoop } from './preview-loop.ts';

const log = pino({ level: 'silent' });
const failed: PreviewOutcome = { kind: 'failed', message: 'It cannot be decoded' };
const task = (recordingId: string): PreviewTask => ({
  recordingId,
  turn: 1,
  objectPrefix: `recordings/${recordingId}/previews/`,
  medium: 'camera',
  parts: [],
  durationMs: 1000,
  limitMs: 60_000,
});

interface Story {
  /** What the control plane answers, one after the other; then nothing more. */
  answers?: (PreviewTask | ControlPlaneError)[];
  make?: (task: PreviewTask, stopping: AbortSignal) => Promise<PreviewOutcome>;
}

function loopOf({ answers = [], make = async () => failed }: Story) {
  const told: NonNullable<ReportBatch['previews']>[] = [];
  let idle = () => {};
  const isIdle = new Promise<void>((resolve) => {
    idle = resolve;
  });
  const loop = new PreviewLoop({
    make,
    log,
    sleep: async () => {},
    controlPlane: {
      async exchange({ previews }): Promise<ReportReply> {
        if (previews) told.push(previews);
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        if (!answer) idle();
        return { attempts: [], tasks: [], preview: answer };
      },
    },
  });
  return { loop, told, isIdle };
}

it('goes on with the next one that the answer holds, as long as there is room', async () => {
  const { loop, told, isIdle } = loopOf({ answers: [task('b')] });
  let room = true;
  loop.take(task('a'), () => room);
  expect(loop.isFree).toBe(false);
  room = false;
  await isIdle;
  await loop.stop();
  expect(told).toEqual([
    { isFree: false, done: [{ recordingId: 'a', turn: 1, outcome: failed }] },
    { isFree: false, done: [{ recordingId: 'b', turn: 1, outcome: failed }] },
  ]);
});

it('takes one at a time, and is free again afterwards', async () => {
  const { loop, told, isIdle } = loopOf({});
  loop.take(task('a'), () => true);
  loop.take(task('b'), () => true);
  await isIdle;
  await Promise.resolve();
  await expect.poll(() => loop.isFree).toBe(true);
  expect(told.map(({ done }) => done[0]?.recordingId)).toEqual(['a']);
});

it('tells again what the control plane did not hear, and not what it refuses', async () => {
  const away = new ControlPlaneError('It does not answer.', false);
  const refused = new ControlPlaneError('It says no.', true);
  const { loop, told } = loopOf({ answers: [away, away, refused] });
  loop.take(task('a'), () => true);
  await expect.poll(() => loop.isFree).toBe(true);
  expect(told).toHaveLength(3);
});

it('gives back what it was making when the worker stops', async () => {
  const { loop, told } = loopOf({
    make: (_, stopping) =>
      new Promise((resolve) => stopping.addEventListener('abort', () => resolve({ kind: 'given-back' }))),
  });
  loop.take(task('a'), () => true);
  await loop.stop();
  expect(told).toEqual([{ isFree: false, done: [{ recordingId: 'a', turn: 1, outcome: { kind: 'given-back' } }] }]);
  expect(loop.isFree).toBe(false);
});
