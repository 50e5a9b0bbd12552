import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PreviewTask } from '../contract/previews.ts';
import type { ReportReply } from '../contract/report.ts';
import type { RecordTask } from '../contract/task-spec.ts';
import { killedOutcome } from '../recording-outcome.ts';
import type { RecoveredAttempt } from '../recovered-attempt.ts';
import type { MakePreview } from '../render/preview-maker.ts';
import { Admission } from './admission.ts';
import { ControlPlane } from './control-plane.ts';
import { PreviewLoop } from './preview-loop.ts';
import { type Answer, acceptAll, ControlPlanePeer } from './testing/control-plane-peer.ts';
import { HeldTime } from './testing/held-time.ts';
import { finished, ScriptedRecording, taskSpec } from './testing/scripted-recording.ts';
import { PoolWorker } from './worker.ts';

const log = pino({ level: 'silent' });
const never = new AbortController().signal;
let peer: ControlPlanePeer;
let time: HeldTime;
let worker: PoolWorker;
let recordings: Map<string, ScriptedRecording>;
/** Answers of the claims to come; when it is empty a claim stays open. */
let answers: Answer[];
/** What a worker that drains is told. */
let freeSlotsElsewhere: number | undefined;

beforeEach(async () => {
  peer = await ControlPlanePeer.start();
  answers = [];
  freeSlotsElsewhere = undefined;
  peer.onClaim = ({ isDraining }) =>
    isDraining ? { attempts: [], tasks: [], freeSlotsElsewhere } : (answers.shift() ?? 'never');
  time = new HeldTime();
  recordings = new Map();
  worker = workerOf(10);
});
afterEach(async () => {
  await worker.drain(AbortSignal.abort());
  await peer.stop();
});

function workerOf(capacity: number, make?: MakePreview): PoolWorker {
  const controlPlane = new ControlPlane({ url: peer.url, bearer: 'worker-token', log });
  return new PoolWorker({
    controlPlane,
    previews: make && new PreviewLoop({ controlPlane, make, log, sleep: time.sleep }),
    startTask: (task, onChange) => {
      const recording = new ScriptedRecording(task);
      recording.onChange = onChange;
      recordings.set(task.attemptId, recording);
      return recording;
    },
    admission: new Admission({ capacity, isSpoolFilling: () => false }),
    log,
    clock: time.clock,
    random: () => 1,
    sleep: time.sleep,
  });
}

const previewTask: PreviewTask = {
  recordingId: '11111111-1111-4111-8111-111111111111',
  turn: 1,
  objectPrefix: 'recordings/1/previews/',
  medium: 'camera',
  parts: [{ key: 'recordings/1/2/camera.webm', contentType: 'video/webm', sizeBytes: 1, startMs: 0, durationMs: 1 }],
  durationMs: 1,
  limitMs: 60_000,
};

function give(...tasks: RecordTask[]): ReportReply {
  return { attempts: [], tasks };
}

const claims = () => peer.batches.flatMap(({ claim }) => (claim && !claim.isDraining ? [claim] : []));
const claimThat = (fits: (claim: ReturnType<typeof claims>[number]) => boolean) =>
  peer.batch(({ claim }) => claim !== undefined && fits(claim));

async function started(...tasks: RecordTask[]): Promise<ScriptedRecording[]> {
  answers.push(give(...tasks));
  worker.start();
  await claimThat((claim) => claim.holds.length === tasks.length);
  return tasks.map((task) => recordings.get(task.attemptId) as ScriptedRecording);
}

describe('claiming', () => {
  test('says how much it would take and waits for an answer', async () => {
    worker.start();
    await claimThat(() => true);
    expect(claims()).toEqual([{ workerId: worker.workerId, freeSlots: 10, holds: [], waitMs: 25_000 }]);
  });

  test('starts what it is given, reports it at once and asks for less', async () => {
    const tasks = [taskSpec(), taskSpec()];
    await started(...tasks);
    await peer.batch(({ reports }) => reports.length > 0);
    expect(worker.load).toBe(2);
    const claim = claims().at(-1);
    expect(claim?.freeSlots).toBe(8);
    expect(claim?.holds).toEqual(tasks.map(({ attemptId }) => ({ attemptId, obeys: 'continue' })));
  });

  test('the same task again is the same recording', async () => {
    const task = taskSpec();
    answers.push(give(task), give(task));
    worker.start();
    await time.pass();
    await claimThat(() => claims().length === 3);
    expect(recordings.size).toBe(1);
    expect(worker.load).toBe(1);
  });

  test('a task that makes no sense does not cost the others theirs', async () => {
    const good = taskSpec();
    const bad = { ...taskSpec(), objectPrefix: '../../' };
    answers.push(give(bad, good));
    worker.start();
    await claimThat((claim) => claim.holds.length === 1);
    expect([...recordings.keys()]).toEqual([good.attemptId]);
  });

  test('without a free slot it asks for none, and soon again', async () => {
    worker = workerOf(1);
    await started(taskSpec());
    expect(claims().at(-1)).toMatchObject({ freeSlots: 0, waitMs: 2000 });
  });

  test('a preview is asked for while none is made, and given back when the worker ends', async () => {
    worker = workerOf(10, (_, stopping) => {
      return new Promise((resolve) => stopping.addEventListener('abort', () => resolve({ kind: 'given-back' })));
    });
    answers.push({ attempts: [], tasks: [], preview: previewTask });
    worker.start();
    await peer.batch(({ claim, previews }) => claim !== undefined && previews?.isFree === false);
    expect(peer.batches[0]?.previews).toEqual({ isFree: true, done: [] });
    await worker.drain(AbortSignal.timeout(5_000));
    const { recordingId, turn } = previewTask;
    expect(peer.batches.flatMap(({ previews }) => previews?.done ?? [])).toEqual([
      { recordingId, turn, outcome: { kind: 'given-back' } },
    ]);
  });

  test('a preview that makes no sense does not cost the recordings theirs', async () => {
    worker = workerOf(10, async () => ({ kind: 'given-back' }));
    answers.push({ ...give(taskSpec()), preview: { ...previewTask, objectPrefix: '../../' } });
    worker.start();
    await claimThat((claim) => claim.holds.length === 1);
  });

  test('a control plane that cannot be reached is asked at growing intervals', async () => {
    answers.push(...Array.from({ length: 6 }, () => ({ status: 503, body: '' })));
    worker.start();
    const waits: number[] = [];
    for (let turn = 0; turn < 6; turn++) waits.push(await time.pass());
    expect(waits).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    await claimThat(() => claims().length === 7);
  });
});

describe('what a dead process left', () => {
  function left(): RecoveredAttempt {
    const attempt = new ScriptedRecording();
    attempt.change({ state: 'ended', outcome: killedOutcome(undefined) });
    return Object.assign(attempt, { run: async () => {} }) as unknown as RecoveredAttempt;
  }

  test('is told before this worker takes anything', async () => {
    let told: () => void = () => {};
    peer.onReports = async (reports) => {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
      return acceptAll(reports);
    };
    let found: () => void = () => {};
    worker.start(
      new Promise<void>((resolve) => {
        found = resolve;
      }),
    );
    worker.salvage(left());
    worker.salvage(left());
    found();
    await peer.batch(({ reports }) => reports.length === 2);
    expect(claims()).toEqual([]);
    told();
    await claimThat(({ holds }) => holds.length === 0);
  });

  test('does not keep it from asking when the control plane cannot be told', async () => {
    peer.onReports = () => ({ status: 503, body: '' });
    worker.salvage(left());
    worker.start(Promise.resolve());
    await claimThat(({ holds }) => holds.length === 1);
  });
});

describe('recordings', () => {
  test('a command that comes with the answer to a claim is obeyed', async () => {
    const [recording] = await started(taskSpec());
    const { attemptId } = recording as ScriptedRecording;
    // The open claim is answered by hand.
    worker = await restartedWith({
      attempts: [{ attemptId, command: 'stop', leaseMs: 1, accepted: false }],
      tasks: [],
    });
    await claimThat((claim) => claim.holds.some((hold) => hold.attemptId === attemptId && hold.obeys === 'stop'));
    expect(recordings.get(attemptId)?.obeyed).toEqual(['stop']);
  });

  /** A new worker whose first claim gives the task and whose second gives this reply. */
  async function restartedWith(reply: ReportReply): Promise<PoolWorker> {
    await worker.drain(AbortSignal.abort());
    const task = [...recordings.values()][0]?.task as RecordTask;
    recordings.clear();
    answers.push(give(task), reply);
    const next = workerOf(10);
    next.start();
    return next;
  }

  test('one that ends frees its slot and its outcome is reported', async () => {
    const [recording] = await started(taskSpec());
    recording?.end(finished);
    const report = await peer.report(({ outcome }) => outcome !== undefined);
    expect(report).toMatchObject({ state: 'ended', outcome: finished });
    expect(worker.load).toBe(0);
  });

  test('one that breaks off is reported as failed and retryable, the other goes on', async () => {
    const [broken, other] = await started(taskSpec(), taskSpec());
    broken?.store(2);
    broken?.breakOff(new Error('undefined is not a function'));
    const report = await peer.report(({ outcome }) => outcome !== undefined);
    expect(report.attemptId).toBe(broken?.attemptId);
    expect(report.outcome).toMatchObject({
      kind: 'failed',
      reason: 'recorder.defect',
      fault: 'system',
      retryable: true,
    });
    expect(report.segments).toHaveLength(2);
    expect(worker.load).toBe(1);
    expect(other?.stoppedFor).toEqual([]);
  });

  test('one that cannot even be made is reported as failed', async () => {
    worker = new PoolWorker({
      controlPlane: new ControlPlane({ url: peer.url, bearer: 'x', log }),
      startTask: () => {
        throw new Error('no such codec');
      },
      admission: new Admission({ capacity: 1, isSpoolFilling: () => false }),
      log,
      sleep: time.sleep,
      clock: time.clock,
    });
    answers.push(give(taskSpec()));
    worker.start();
    const report = await peer.report(({ outcome }) => outcome !== undefined);
    expect(report.outcome).toMatchObject({
      reason: 'recorder.defect',
      message: expect.stringContaining('no such codec'),
    });
  });
});

describe('draining', () => {
  test('stops the recordings for "shutdown", waits for their outcomes to be acknowledged, and claims no more', async () => {
    const [one, two] = await started(taskSpec(), taskSpec());
    for (const recording of [one, two]) if (recording) recording.onStop = finished;
    const before = claims().length;
    expect(await worker.drain(never)).toBe(true);
    expect([one?.stoppedFor, two?.stoppedFor]).toEqual([['shutdown'], ['shutdown']]);
    expect(peer.reports.filter((report) => report.outcome)).toHaveLength(2);
    expect(claims()).toHaveLength(before);
  });

  test('leaves as many recordings to others as they would take, and stops the rest', async () => {
    const all = await started(taskSpec(), taskSpec(), taskSpec());
    const handedOver = {
      kind: 'failed',
      reason: 'worker.shutdown',
      message: '',
      fault: 'system',
      retryable: true,
    } as const;
    const [finalising] = all;
    for (const recording of all) {
      recording.onStop = finished;
      if (recording !== finalising) recording.onHandOver = handedOver;
    }
    freeSlotsElsewhere = 1;
    expect(await worker.drain(never)).toBe(true);
    const told = new Map(peer.reports.flatMap(({ attemptId, outcome }) => (outcome ? [[attemptId, outcome]] : [])));
    expect(all.map(({ attemptId }) => told.get(attemptId))).toEqual([finished, handedOver, finished]);
  });

  test('waits for what a dead process left to be stored and told', async () => {
    worker.start();
    let store = () => {};
    const left = new ScriptedRecording();
    left.change({
      state: 'ended',
      outcome: killedOutcome(undefined),
      stats: { ...left.snapshot().stats, segmentsPending: 1 },
    });
    const run = () =>
      new Promise<void>((resolve) => {
        store = resolve;
      });
    worker.salvage(Object.assign(left, { run }) as unknown as RecoveredAttempt);
    expect(await peer.report(() => true)).toMatchObject({ outcome: { reason: 'recorder.killed' }, segments: [] });
    const drained = worker.drain(never);
    left.store(1);
    left.change({ stats: { ...left.snapshot().stats, segmentsPending: 0 } });
    store();
    expect(await drained).toBe(true);
    expect(peer.reports.flatMap(({ segments }) => segments)).toHaveLength(1);
    expect(left.isReleased).toBe(true);
  });

  test('with nothing to do is done at once', async () => {
    worker.start();
    await claimThat(() => true);
    expect(await worker.drain(never)).toBe(true);
  });

  test('ends with its grace, and says that not everything was finished', async () => {
    await started(taskSpec());
    const grace = new AbortController();
    const drained = worker.drain(grace.signal);
    grace.abort();
    expect(await drained).toBe(false);
  });

  test('an outcome that nobody acknowledges is not waited for beyond the grace', async () => {
    const [recording] = await started(taskSpec());
    if (recording) recording.onStop = finished;
    peer.onReports = () => ({ status: 503, body: '' });
    const grace = new AbortController();
    const drained = worker.drain(grace.signal);
    await peer.report(({ outcome }) => outcome !== undefined);
    grace.abort();
    expect(await drained).toBe(false);
  });

  test('reports go on while recordings finish', async () => {
    const [recording] = await started(taskSpec());
    const drained = worker.drain(never);
    recording?.change({ state: 'finalising' });
    await peer.report(({ state }) => state === 'finalising');
    recording?.end(finished);
    expect(await drained).toBe(true);
  });
});
