/** A recording over many attempts: who may write what, what follows from an end, and how it becomes one again. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { listEvents } from '../../db/queries/list-events.ts';
import { countSegments } from '../../db/queries/list-segments.ts';
import { joinManifestSchema } from '../../recorder/contract/join-manifest.ts';
import type { StoredSegment } from '../../recorder/contract/media.ts';
import type { Outcome } from '../../recorder/contract/report.ts';
import type { RecordTask, TaskSpec } from '../../recorder/contract/task-spec.ts';
import { StorageError } from '../../storage/object-store.ts';
import { beginRecording } from './begin-recording.ts';
import { stopRecording } from './command-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { expireAttempts } from './expire-attempts.ts';
import { getRecording } from './get-recording.ts';
import { joinWaiting } from './join-attempts.ts';
import { trackOf } from './testing/attempt-of.ts';
import { lost, poolOf } from './testing/pool-of.ts';
import { segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { wishOf } from './testing/wish-of.ts';
import { LEASE_MS, MAX_JOIN_RETRIES } from './timing.ts';

let control: TestControl;
const pool = poolOf(() => control);
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
});
afterAll(() => control.close());
beforeEach(async () => {
  await control.database.sql`truncate recordings cascade`;
});

async function begin(): Promise<RecordTask> {
  await enqueue();
  return pool.claimRecord();
}

async function enqueue(): Promise<void> {
  await beginRecording(control.database.db, wishOf({ room: randomUUID(), identity: 'ann' }));
}

/** Reports that it records, and these segments as stored. */
function record(task: TaskSpec, sequences: number[], change: Parameters<typeof pool.report>[1] = {}) {
  const segments = sequences.map((sequence) => segmentOf(task, sequence));
  return pool.report(task, { captureAgeMs: 60_000, tracks: [trackOf()], segments, ...change });
}

const end = (task: TaskSpec, outcome: Outcome, change: Parameters<typeof pool.report>[1] = {}) =>
  pool.report(task, { state: 'ended', captureAgeMs: 60_000, tracks: [trackOf()], outcome, ...change });

const pending = (segmentsPending: number) => ({
  stats: {
    durationMs: 9000,
    sizeBytes: 1,
    bitrateBps: 1,
    framesPerSecond: 1,
    packetsLost: 0,
    packetsRepaired: 0,
    segmentsPending,
    tracks: [],
  },
});

const recordingOf = (task: TaskSpec) => getRecording(control, task.recordingId);
const expireLeases = () =>
  control.database
    .sql`update attempts set lease_expires_at = now() - interval '1 s' where lease_expires_at is not null`;
const expire = () => expireAttempts(control, { steadyForMs: LEASE_MS });
const availableNow = () => control.database.sql`update attempts set available_at = now() where state = 'queued'`;

async function manifestOf(task: { manifestKey: string }) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await control.store.read(task.manifestKey)) chunks.push(chunk);
  return joinManifestSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
}

/** Everything that a report could change. */
async function everything(): Promise<string> {
  const { sql } = control.database;
  return JSON.stringify([
    await sql`select * from recordings order by id`,
    await sql`select * from attempts order by id`,
    await sql`select * from segments order by attempt_id, medium, sequence`,
    await sql`select * from events order by id`,
  ]);
}

describe('the fence', () => {
  /** An attempt that was thought dead, and the one that took its place. */
  async function replaced() {
    const old = await begin();
    await record(old, [1]);
    await expireLeases();
    expect(await expire()).toEqual({ goOn: 1, over: 0 });
    return { old, current: await pool.claimRecord() };
  }

  test('lists the gaps in what a zombie brings as salvage', async () => {
    const { old } = await replaced();
    const gap = { medium: 'camera', kind: 'video', fromMicros: 500_000, toMicros: 1_500_000 } as const;
    await record(old, [2], { gaps: [{ ...gap, reason: 'packet-loss' }] });
    const { gaps } = await recordingOf(old);
    expect(gaps).toEqual([expect.objectContaining({ fromMs: 500, toMs: 1500, reason: 'packet-loss' })]);
  });

  test('gives a worker whose lease ran out no other task before it has asked again', async () => {
    const old = await begin();
    await record(old, [1]);
    const ask = async (obeys: string) => {
      const holds = [{ attemptId: old.attemptId, obeys }];
      const claim = { workerId: randomUUID(), freeSlots: 5, holds, waitMs: 0 };
      return exchangeReports(control, { claim, reports: [] }, new AbortController().signal);
    };
    await expireLeases();
    await expire();
    // This request may have been open since before it was stopped.
    expect(await ask('continue')).toMatchObject({ tasks: [], attempts: [{ command: 'abandon' }] });
    expect((await ask('abandon')).tasks).toHaveLength(1);
  });

  test('lets a zombie bring its segments as salvage, and nothing else of what it says', async () => {
    const { old, current } = await replaced();
    await record(current, [1]);
    const before = await recordingOf(old);
    const reply = await record(old, [2], { state: 'paused', gaps: [], tracks: [] });
    expect(reply).toEqual({ attemptId: old.attemptId, command: 'abandon', leaseMs: 0, accepted: true });
    expect(await countSegments(control.database.db, old.recordingId)).toBe(3);
    expect(await recordingOf(old)).toMatchObject({ status: 'recording', tracks: before.tracks });
  });

  test.each<[string, Outcome]>([
    ['finished', { kind: 'finished', stopReason: 'requested', media: [] as never }],
    ['failed', lost],
    ['absent', { kind: 'absent', message: 'x' }],
  ])('does not let a zombie end the recording as %s', async (kind, outcome) => {
    const { old, current } = await replaced();
    const said = kind === 'finished' ? { ...outcome, media: [await pool.storeFinished(old)] } : outcome;
    const before = await everything();
    expect(await end(old, said as Outcome)).toMatchObject({ command: 'abandon' });
    expect(await everything()).toBe(before);
    expect(await record(current, [1])).toMatchObject({ command: 'continue', accepted: true, leaseMs: LEASE_MS });
  });

  test('refuses a zombie altogether when the recording is over', async () => {
    const { old, current } = await replaced();
    await end(current, { kind: 'absent', message: 'gone' });
    await joinWaiting(control);
    const joining = await pool.claimFinalise();
    const media = [await pool.storeFinished(joining)];
    await end(joining, { kind: 'finished', stopReason: 'requested', media });
    expect((await recordingOf(old)).status).toBe('ready');
    const before = await everything();
    const refused = { command: 'discard', leaseMs: 0, accepted: false };
    expect(await record(old, [2])).toMatchObject(refused);
    expect(await end(old, lost)).toMatchObject(refused);
    expect(await record(current, [1])).toMatchObject(refused);
    expect(await everything()).toBe(before);
  });

  test('refuses whoever has the token of another attempt, of another epoch, or none', async () => {
    const task = await begin();
    const other = await begin();
    const before = await everything();
    for (const forged of [{ reportToken: other.reportToken }, { epoch: 2 }, { reportToken: '' }]) {
      expect(await record(task, [1], forged)).toMatchObject({ command: 'abandon', accepted: false });
    }
    expect(await everything()).toBe(before);
  });

  test('takes no segment from below the prefix of another attempt', async () => {
    const { old, current } = await replaced();
    const segments: StoredSegment[] = [segmentOf(current, 2)];
    await pool.report(old, { segments });
    expect(await countSegments(control.database.db, old.recordingId)).toBe(1);
  });

  test('replaces a lost recorder once, however many processes find it at the same time', async () => {
    const task = await begin();
    await record(task, [1]);
    await expireLeases();
    const done = await Promise.all([expire(), expire(), expire()]);
    expect(done.reduce((sum, { goOn }) => sum + goOn, 0)).toBe(1);
    expect(await pool.claim(5)).toMatchObject([{ recordingId: task.recordingId, epoch: 2 }]);
  });

  test('keeps a lease that its recorder renewed after it was found to have run out', async () => {
    const task = await begin();
    await expireLeases();
    await record(task, [1]);
    expect(await expire()).toEqual({ goOn: 0, over: 0 });
  });
});

test('while the store does not say whether the file is there, the attempt keeps its lease and reports again', async () => {
  const task = await begin();
  await record(task, [1]);
  const media = [await pool.storeFinished(task)];
  const outcome: Outcome = { kind: 'finished', stopReason: 'requested', media };
  const { head } = control.store;
  control.store.head = () => Promise.reject(new StorageError('unreachable', 'The store does not answer.', true));
  try {
    await expireLeases();
    expect(await end(task, outcome)).toMatchObject({ command: 'continue', accepted: false, leaseMs: LEASE_MS });
  } finally {
    control.store.head = head;
  }
  expect(await expire()).toEqual({ goOn: 0, over: 0 });
  expect((await recordingOf(task)).status).toBe('finalising');
  expect(await end(task, outcome)).toMatchObject({ accepted: true });
  expect((await recordingOf(task)).status).toBe('ready');
});

describe('a recorder that was killed', () => {
  test('is replaced at once when it had stored media, and says later what else it had', async () => {
    const first = await begin();
    await record(first, [1]);
    await end(first, lost, pending(2));
    expect((await recordingOf(first)).status).toBe('requested');
    const second = await pool.claimRecord();
    expect(second).toMatchObject({ recordingId: first.recordingId, epoch: 2 });
    expect(second.attemptId).not.toBe(first.attemptId);
    await record(second, [1], { captureAgeMs: 50_000 });
    expect(await record(first, [2, 3], pending(0))).toMatchObject({ command: 'abandon', accepted: true });
    // Six seconds are stored of the first, ten after it the second began.
    expect((await recordingOf(first)).gaps).toMatchObject([{ reason: 'recorder-away', kind: 'video' }]);
    const [gap] = (await recordingOf(first)).gaps;
    expect(gap?.fromMs).toBe(6000);
  });

  test('before the first media is replaced later and later, and then not any more', async () => {
    let task = await begin();
    for (const delayMs of [1000, 2000]) {
      await end(task, lost);
      const [row] = await control.database.sql`
        select extract(epoch from available_at - created_at) * 1000 as ms from attempts where state = 'queued'`;
      expect(row).toEqual({ ms: expect.stringMatching(`^${delayMs}\\.`) });
      await control.database.sql`update attempts set available_at = now() + interval '30 s' where state = 'queued'`;
      expect((await recordingOf(task)).waiting).toMatchObject({
        reason: 'retry',
        message: expect.stringMatching(/^The recorder was killed\. It is tried again in \d+ s\.$/),
      });
      expect(await pool.claim()).toEqual([]);
      await availableNow();
      task = await pool.claimRecord();
    }
    await end(task, lost);
    expect(await recordingOf(task)).toMatchObject({ status: 'failed', error: { reason: 'recorder.killed' } });
  });

  test('after Stop is not replaced: what it stored is joined', async () => {
    const task = await begin();
    await record(task, [1]);
    await stopRecording(control, task.recordingId);
    await end(task, lost);
    expect(await recordingOf(task)).toMatchObject({ status: 'finalising', stopReason: 'requested', error: null });
  });

  test('and stopped while it waits for the next one, is joined too', async () => {
    const task = await begin();
    await record(task, [1]);
    await end(task, lost);
    const stopped = await stopRecording(control, task.recordingId);
    expect(stopped).toMatchObject({ status: 'finalising', stopReason: 'requested' });
    await control.tasks.settled();
    expect(await pool.claimFinalise()).toMatchObject({ recordingId: task.recordingId });
  });
});

describe('joining', () => {
  /** Two attempts with media, the second one finished. */
  async function twoAttempts(afterFirst: Parameters<typeof pool.report>[1] = {}) {
    const first = await begin();
    await record(first, [1, 2]);
    await end(first, lost, afterFirst);
    const second = await pool.claimRecord();
    await record(second, [1, 2], { captureAgeMs: 50_000 });
    await end(second, { kind: 'finished', stopReason: 'participant-left', media: [await pool.storeFinished(second)] });
    await control.tasks.settled();
    return { first, second };
  }

  test('is told all segments of all attempts in order, with their offsets', async () => {
    const { first, second } = await twoAttempts();
    expect((await recordingOf(first)).status).toBe('finalising');
    const task = await pool.claimFinalise();
    expect(task).toMatchObject({ kind: 'finalise', recordingId: first.recordingId, epoch: 3 });
    expect(task.manifestKey.startsWith(task.objectPrefix)).toBe(true);
    const manifest = await manifestOf(task);
    expect(manifest.attempts.map(({ attemptId }) => attemptId)).toEqual([first.attemptId, second.attemptId]);
    expect(manifest.attempts[0]).toMatchObject({ offsetMicros: 0 });
    // Reported moments apart: ten seconds, and those moments.
    expect(manifest.attempts[1]?.offsetMicros).toBeGreaterThanOrEqual(10_000_000);
    expect(manifest.attempts[1]?.segments).toEqual([segmentOf(second, 1), segmentOf(second, 2)]);
  });

  test('makes the recording ready with its own file, and leaves the facts of those who recorded', async () => {
    const { first } = await twoAttempts();
    const before = await recordingOf(first);
    const task = await pool.claimFinalise();
    await pool.report(task, { state: 'finalising' });
    const media = await pool.storeFinished(task, { durationMs: 14_000 });
    await end(task, { kind: 'finished', stopReason: 'requested', media: [media] }, { tracks: [] });
    expect(await recordingOf(first)).toMatchObject({
      status: 'ready',
      stopReason: 'participant-left',
      error: null,
      durationMs: 14_000,
      sizeBytes: 5,
      tracks: before.tracks,
      gaps: before.gaps,
      startedAt: before.startedAt,
      stoppedAt: before.stoppedAt,
      media: [{ finished: true }],
    });
  });

  test('is not told to stop: that was for those who recorded', async () => {
    const { first } = await twoAttempts();
    await control.database.sql`update recordings set command = 'stop' where id = ${first.recordingId}`;
    const task = await pool.claimFinalise();
    expect(await pool.report(task, { state: 'finalising' })).toMatchObject({ command: 'continue', accepted: true });
    const holds = [{ attemptId: task.attemptId, obeys: 'continue' }];
    const claim = { workerId: randomUUID(), freeSlots: 0, holds, waitMs: 0 };
    const reply = await exchangeReports(control, { claim, reports: [] }, new AbortController().signal);
    expect(reply.attempts).toMatchObject([{ command: 'continue' }]);
  });

  test('waits for what a killed recorder still has, and goes without it after a minute', async () => {
    const { first } = await twoAttempts(pending(3));
    expect(await joinWaiting(control)).toBe(0);
    expect(await recordingOf(first)).toMatchObject({
      status: 'finalising',
      waiting: { reason: 'uploads', message: 'Waiting for 3 segments of a recorder that broke off.' },
    });
    await control.database.sql`update attempts set ended_at = ended_at - interval '61 s'`;
    expect(await joinWaiting(control)).toBe(1);
    expect((await manifestOf(await pool.claimFinalise())).attempts[0]?.segments).toHaveLength(2);
  });

  test('begins as soon as the last of it is stored', async () => {
    const { first } = await twoAttempts(pending(1));
    expect(await pool.claim()).toEqual([]);
    await record(first, [3], pending(0));
    await control.tasks.settled();
    expect((await manifestOf(await pool.claimFinalise())).attempts[0]?.segments).toHaveLength(3);
  });

  test('is done again when more was stored meanwhile', async () => {
    const { first } = await twoAttempts();
    const task = await pool.claimFinalise();
    await record(first, [3], pending(0));
    await end(task, { kind: 'finished', stopReason: 'requested', media: [await pool.storeFinished(task)] });
    expect((await recordingOf(first)).status).toBe('finalising');
    await control.tasks.settled();
    await availableNow();
    expect((await manifestOf(await pool.claimFinalise())).attempts[0]?.segments).toHaveLength(3);
  });

  test('that fails is tried again, and in the end the parts can be played one by one', async () => {
    const { first } = await twoAttempts();
    const failure: Outcome = { ...lost, message: 'No space left.' } as Outcome;
    for (let tries = 0; tries <= MAX_JOIN_RETRIES; tries++) {
      expect((await recordingOf(first)).status).toBe('finalising');
      await end(await pool.claimFinalise(), failure);
      await control.tasks.settled();
      await availableNow();
    }
    const recording = await recordingOf(first);
    expect(recording).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(/No space left\./) } });
    expect(recording.media.map(({ startMs, durationMs }) => [startMs >= 10_000, durationMs])).toEqual([
      [false, 4000],
      [true, 4000],
    ]);
    expect(await pool.claim()).toEqual([]);
  });

  test('whose worker is lost goes to another one', async () => {
    const { first } = await twoAttempts();
    const zombie = await pool.claimFinalise();
    await expireLeases();
    expect(await expire()).toEqual({ goOn: 1, over: 0 });
    await control.tasks.settled();
    await availableNow();
    const task = await pool.claimFinalise();
    const outcome = async (of: TaskSpec): Promise<Outcome> => ({
      kind: 'finished',
      stopReason: 'requested',
      media: [await pool.storeFinished(of)],
    });
    expect(await end(zombie, await outcome(zombie))).toMatchObject({ command: 'abandon' });
    expect((await recordingOf(first)).status).toBe('finalising');
    await end(task, await outcome(task));
    expect((await recordingOf(first)).status).toBe('ready');
  });

  test('waits for a store that does not answer', async () => {
    const { first } = await twoAttempts(pending(1));
    await control.database.sql`update attempts set segments_pending = 0`;
    const { put } = control.store;
    control.store.put = () => Promise.reject(new StorageError('unreachable', 'The store does not answer.', true));
    try {
      expect(await joinWaiting(control)).toBe(0);
    } finally {
      control.store.put = put;
    }
    expect((await recordingOf(first)).status).toBe('finalising');
    expect(await joinWaiting(control)).toBe(1);
  });

  test('ends as failed when nothing had been stored after all', async () => {
    const task = await begin();
    await record(task, [], pending(2));
    await end(task, { ...lost, retryable: false, message: 'The disk is gone.' } as Outcome, pending(2));
    expect((await recordingOf(task)).status).toBe('finalising');
    await control.database.sql`update attempts set ended_at = ended_at - interval '61 s'`;
    expect(await joinWaiting(control)).toBe(0);
    expect(await recordingOf(task)).toMatchObject({ status: 'failed', error: { message: 'The disk is gone.' } });
  });

  test('is done once when two processes find it at the same time', async () => {
    await twoAttempts(pending(1));
    await control.database.sql`update attempts set segments_pending = 0`;
    const queued = await Promise.all([joinWaiting(control), joinWaiting(control), joinWaiting(control)]);
    expect(queued.filter((count) => count === 1)).toHaveLength(1);
    expect(await pool.claim(5)).toHaveLength(1);
  });

  test('takes a recording that nobody owns, whatever its state says', async () => {
    const task = await begin();
    await record(task, [1]);
    await control.database.sql`update attempts set state = 'ended', lease_expires_at = null, ended_at = now()`;
    expect(await joinWaiting(control)).toBe(1);
    expect((await recordingOf(task)).status).toBe('finalising');
    expect(await pool.claimFinalise()).toMatchObject({ recordingId: task.recordingId });
  });
});

test('a recording that ended for another reason than it was meant to is ready, and says why it is short', async () => {
  const task = await begin();
  await record(task, [1]);
  await end(task, { ...lost, reason: 'spool.full', message: 'The disk is full.', retryable: false } as Outcome);
  await control.tasks.settled();
  const joining = await pool.claimFinalise();
  await end(joining, { kind: 'finished', stopReason: 'requested', media: [await pool.storeFinished(joining)] });
  expect(await recordingOf(task)).toMatchObject({
    status: 'ready',
    stopReason: null,
    error: { reason: 'spool.full', message: 'The disk is full.' },
  });
});

test('while the second attempt records, both can be played in order, and live figures are those of both', async () => {
  const first = await begin();
  await record(first, [1, 2]);
  await end(first, lost);
  const second = await pool.claimRecord();
  const heard: number[] = [];
  const unsubscribe = control.hub.subscribe((message) => {
    if (message.kind === 'stats') heard.push(message.stats.durationMs);
  });
  await record(second, [1], { ...pending(0), captureAgeMs: 50_000 });
  const recording = await recordingOf(first);
  expect(recording.media.map(({ part, startMs }) => [part, startMs >= 10_000])).toEqual([
    [1, false],
    [2, true],
  ]);
  expect(recording.stats?.durationMs).toBe(recording.durationMs);
  expect(recording.durationMs).toBeGreaterThanOrEqual(19_000);
  await expect.poll(() => heard.at(-1)).toBe(recording.durationMs);
  unsubscribe();
  const events = await listEvents(control.database.db, { afterId: 0, recordingId: first.recordingId, limit: 100 });
  expect(events.at(-1)?.data).toMatchObject({ status: 'recording', media: [{ part: 1 }, { part: 2 }] });
});

test('the clocks of recorders decide nothing: an hour either way changes no time', async () => {
  for (const offMs of [-3_600_000, 3_600_000]) {
    const task = await begin();
    const wallMs = Date.now() + offMs;
    await record(task, [1, 2], { startedAtUnixMs: wallMs - 4000, captureAgeMs: 4000 });
    const { startedAt } = await recordingOf(task);
    expect(Math.abs(Date.parse(startedAt ?? '') - Date.now())).toBeLessThan(60_000);
    await pool.report(task, { state: 'finalising', stoppedAtUnixMs: wallMs, captureAgeMs: 4000 });
    const { stoppedAt } = await recordingOf(task);
    expect(Date.parse(stoppedAt ?? '')).toBeGreaterThan(Date.parse(startedAt ?? ''));
    expect(Math.abs(Date.parse(stoppedAt ?? '') - Date.now())).toBeLessThan(60_000);
  }
});

test('a worker that drains hears how many others would take, beside those that wait already', async () => {
  await control.database.sql`truncate workers`;
  const leaving = randomUUID();
  const ask = async () => {
    const claim = { workerId: leaving, freeSlots: 0, holds: [], waitMs: 0, isDraining: true };
    return (await exchangeReports(control, { claim, reports: [] }, new AbortController().signal)).freeSlotsElsewhere;
  };
  expect(await ask()).toBe(0);
  await pool.claim(3);
  expect(await ask()).toBe(3);
  await enqueue();
  expect(await ask()).toBe(2);
});
