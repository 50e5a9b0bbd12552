import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { listEvents } from '../../db/queries/list-events.ts';
import { listSegments } from '../../db/queries/list-segments.ts';
import { attempts } from '../../db/schema.ts';
import type { FinishedMedia } from '../../recorder/contract/media.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import { beginRecording } from './begin-recording.ts';
import { pauseRecording, resumeRecording, stopRecording } from './command-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { getRecording } from './get-recording.ts';
import { queueInPool } from './launcher/pool.ts';
import { reportOf, segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { wishOf } from './testing/wish-of.ts';

let control: TestControl;
const workerId = randomUUID();

beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
});
afterAll(() => control.close());

let room: string;
beforeEach(async () => {
  room = randomUUID();
  // Nothing is left of the test before.
  await control.database.sql`truncate recordings cascade`;
});

async function begin(identity = 'ann') {
  const { recording } = await beginRecording(control.database.db, wishOf({ room, identity }));
  return recording;
}

async function claim(freeSlots = 1, waitMs = 0): Promise<RecordTask[]> {
  await control.tasks.settled();
  const reply = await exchangeReports(
    control,
    { claim: { workerId, freeSlots, holds: [], waitMs }, reports: [] },
    new AbortController().signal,
  );
  return reply.tasks.filter((task) => task.kind === 'record');
}

async function beginAndClaim(): Promise<RecordTask> {
  await begin();
  const [task] = await claim();
  if (!task) throw new Error('The recording was not handed out');
  return task;
}

async function report(...args: Parameters<typeof reportOf>) {
  const reply = await exchangeReports(control, { reports: [reportOf(...args)] }, new AbortController().signal);
  return reply.attempts[0];
}

async function storeFinished(task: RecordTask, sizeBytes = 5): Promise<FinishedMedia> {
  const key = `${task.objectPrefix}camera.webm`;
  await control.store.put(key, new Uint8Array(sizeBytes), { contentType: 'video/webm' });
  return { medium: 'camera', key, contentType: 'video/webm', sizeBytes, sha256: 'b'.repeat(64), durationMs: 4000 };
}

const statusOf = async (task: RecordTask) => (await getRecording(control, task.recordingId)).status;

test('a task holds a hidden, subscribe-only join token of one room and nothing of ours', async () => {
  const task = await beginAndClaim();
  const claims = JSON.parse(Buffer.from(task.livekit.token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({
    sub: `recorder-${task.attemptId}`,
    video: { roomJoin: true, room, hidden: true, recorder: true, canPublish: false, canPublishData: false },
  });
  expect(claims.exp - claims.nbf).toBeLessThanOrEqual(6 * 3600);
  expect(task.objectPrefix).toBe(`recordings/${task.recordingId}/${task.attemptId}/`);
  const text = JSON.stringify(task);
  for (const secret of [control.environment.livekitApiSecret, control.environment.appSecret, control.database.url]) {
    expect(text).not.toContain(secret);
  }
});

test('twenty workers that ask at once for ten recordings get each of them once', async () => {
  await Promise.all(Array.from({ length: 10 }, (_, index) => begin(`participant ${index}`)));
  const tasks = (await Promise.all(Array.from({ length: 20 }, () => claim(2)))).flat();
  // Locked rows are passed over, so a last look takes what is left.
  tasks.push(...(await claim(10)));
  expect(new Set(tasks.map((task) => task.recordingId)).size).toBe(10);
  expect(tasks).toHaveLength(10);
});

test('a held claim is answered as soon as there is a task', async () => {
  const held = claim(1, 20_000);
  const recording = await begin();
  expect((await held).map((task) => task.recordingId)).toEqual([recording.id]);
});

test('a held claim is answered when one of its attempts gets a command', async () => {
  const task = await beginAndClaim();
  const holds = [{ attemptId: task.attemptId, obeys: 'continue' }];
  const held = exchangeReports(
    control,
    { claim: { workerId, freeSlots: 1, holds, waitMs: 20_000 }, reports: [] },
    new AbortController().signal,
  );
  await stopRecording(control, task.recordingId);
  expect((await held).attempts).toMatchObject([{ attemptId: task.attemptId, command: 'stop', accepted: false }]);
});

test('a held claim of a connection that is gone takes no task', async () => {
  const gone = new AbortController();
  const held = exchangeReports(
    control,
    { claim: { workerId, freeSlots: 1, holds: [], waitMs: 20_000 }, reports: [] },
    gone.signal,
  );
  gone.abort();
  expect((await held).tasks).toEqual([]);
  const recording = await begin();
  expect((await claim()).map((task) => task.recordingId)).toEqual([recording.id]);
});

test('a recording goes from requested to ready as its recorder reports', async () => {
  const recording = await begin();
  expect((await getRecording(control, recording.id)).status).toBe('requested');
  const [task] = await claim();
  if (!task) throw new Error('The recording was not handed out');
  expect(await statusOf(task)).toBe('starting');
  await report(task, { state: 'waiting' });
  expect(await statusOf(task)).toBe('starting');
  await report(task, { captureAgeMs: 60_000, segments: [segmentOf(task, 1), segmentOf(task, 2)] });
  expect(await getRecording(control, task.recordingId)).toMatchObject({
    status: 'recording',
    stats: { framesPerSecond: 30 },
    media: [{ medium: 'camera', finished: false, sha256: null, sizeBytes: 190, durationMs: 4000 }],
  });
  await report(task, { state: 'finalising', captureAgeMs: 61_000, stoppedAtUnixMs: 1_700_000_004_000 });
  expect(await statusOf(task)).toBe('finalising');
  const media = await storeFinished(task);
  const end = {
    state: 'ended' as const,
    outcome: { kind: 'finished' as const, stopReason: 'requested' as const, media: [media] },
  };
  expect(await report(task, end)).toMatchObject({ accepted: true });
  const done = await getRecording(control, task.recordingId);
  expect(done).toMatchObject({
    status: 'ready',
    stopReason: 'requested',
    durationMs: 4000,
    sizeBytes: 5,
    stats: null,
    media: [
      { sha256: 'b'.repeat(64), finished: true, url: `/api/v1/recordings/${task.recordingId}/media?medium=camera` },
    ],
  });
  // The answer was lost and it reports again: taken, and nothing changes.
  expect(await report(task, end)).toMatchObject({ accepted: true });
  expect(await getRecording(control, task.recordingId)).toEqual(done);
  const events = await listEvents(control.database.db, { afterId: 0, recordingId: task.recordingId, limit: 100 });
  expect(events.map((event) => (event.data as { status: string }).status)).toEqual([
    'requested',
    'starting',
    'recording',
    'finalising',
    'ready',
  ]);
});

test('segments that are reported twice are there once, newest first', async () => {
  const task = await beginAndClaim();
  await report(task, { segments: [segmentOf(task, 1), segmentOf(task, 2), segmentOf(task, 2, { sizeBytes: 150 })] });
  await report(task, { segments: [segmentOf(task, 2, { sizeBytes: 200 })] });
  const rows = await listSegments(control.database.db, task.attemptId, 'camera');
  expect(rows.map((row) => [row.sequence, row.sizeBytes])).toEqual([
    [1, 100],
    [2, 200],
  ]);
});

test('segments whose key lies outside of the attempt are refused', async () => {
  const task = await beginAndClaim();
  const other = `recordings/${randomUUID()}/${randomUUID()}/camera/000001.webm`;
  await report(task, {
    segments: [
      segmentOf(task, 1, { key: other }),
      segmentOf(task, 2, { key: `${task.objectPrefix}../${randomUUID()}/camera.webm` }),
      segmentOf(task, 3),
    ],
  });
  const rows = await listSegments(control.database.db, task.attemptId, 'camera');
  expect(rows.map((row) => row.sequence)).toEqual([3]);
});

test('a token of another attempt or epoch gives nothing away and changes nothing', async () => {
  const task = await beginAndClaim();
  const other = await beginAndClaimOther();
  for (const forged of [{ reportToken: other.reportToken }, { reportToken: '' }, { epoch: 2 }]) {
    expect(await report(task, forged)).toMatchObject({ command: 'abandon', accepted: false });
  }
  expect(await statusOf(task)).toBe('starting');
});

async function beginAndClaimOther(): Promise<RecordTask> {
  await begin('somebody else');
  const [task] = await claim();
  if (!task) throw new Error('The recording was not handed out');
  return task;
}

test('a failure for good, and one after Stop, is not tried again', async () => {
  const failure = {
    kind: 'failed' as const,
    reason: 'spool.full',
    message: 'Full.',
    fault: 'system' as const,
    retryable: false,
  };
  const task = await beginAndClaim();
  await report(task, { state: 'ended', outcome: failure });
  expect(await statusOf(task)).toBe('failed');
  const stopped = await beginAndClaim();
  await stopRecording(control, stopped.recordingId);
  await report(stopped, { state: 'ended', outcome: { ...failure, retryable: true } });
  expect(await statusOf(stopped)).toBe('failed');
});

test('a participant who never came makes the recording absent, with the sentence', async () => {
  const task = await beginAndClaim();
  await report(task, { state: 'ended', outcome: { kind: 'absent', message: 'Never published.' } });
  expect(await getRecording(control, task.recordingId)).toMatchObject({
    status: 'absent',
    error: { message: 'Never published.' },
    mediaUrl: null,
  });
});

test.each([
  [
    'is not there',
    async (task: RecordTask) => ({ ...(await storeFinished(task)), key: `${task.objectPrefix}other.webm` }),
  ],
  ['has another size', async (task: RecordTask) => ({ ...(await storeFinished(task)), sizeBytes: 6 })],
  [
    'lies outside of the attempt',
    async (task: RecordTask) => ({ ...(await storeFinished(task)), key: 'recordings/x.webm' }),
  ],
])('a finished file that %s does not make a recording ready', async (_, media) => {
  const task = await beginAndClaim();
  const outcome = { kind: 'finished' as const, stopReason: 'requested' as const, media: [await media(task)] };
  await report(task, { state: 'ended', outcome });
  expect(await getRecording(control, task.recordingId)).toMatchObject({
    status: 'failed',
    error: { reason: 'storage.incomplete' },
  });
});

test('a recording so short that only its end is reported is ready, with its times', async () => {
  const task = await beginAndClaim();
  const outcome = { kind: 'finished' as const, stopReason: 'room-ended' as const, media: [await storeFinished(task)] };
  await report(task, { state: 'ended', captureAgeMs: 4000, outcome, segments: [segmentOf(task, 1)] });
  const { startedAt, stoppedAt, ...rest } = await getRecording(control, task.recordingId);
  expect(rest).toMatchObject({ status: 'ready', stopReason: 'room-ended' });
  expect(Date.parse(stoppedAt ?? '') - Date.parse(startedAt ?? '')).toBe(2000);
});

test('an attempt that ends in a way that makes no sense ends its recording as failed', async () => {
  const task = await beginAndClaim();
  await report(task);
  await report(task, { state: 'ended', outcome: { kind: 'absent', message: 'Never published.' } });
  expect(await statusOf(task)).toBe('failed');
});

test('a report of a recording that is gone is answered discard', async () => {
  const task = await beginAndClaim();
  await control.database.sql`delete from recordings where id = ${task.recordingId}`;
  expect(await report(task)).toMatchObject({ command: 'discard', accepted: false });
});

test('two recorders cannot write one recording: a queued attempt takes no report', async () => {
  const recording = await begin();
  const [queued] = await control.database.db.select().from(attempts);
  expect(queued).toBeDefined();
  const [task] = await claim();
  if (!task) throw new Error('The recording was not handed out');
  await control.database.sql`update recordings set epoch = 2 where id = ${recording.id}`;
  await queueInPool(control.database.db, { recordingId: recording.id, epoch: 2 });
  expect(await report(task)).toMatchObject({ command: 'abandon' });
});

test('pause and resume reach the recorder with the next reply, and an ended recording refuses them', async () => {
  const task = await beginAndClaim();
  await report(task);
  await pauseRecording(control, task.recordingId);
  expect(await report(task)).toMatchObject({ command: 'pause' });
  await report(task, { state: 'paused' });
  expect(await statusOf(task)).toBe('paused');
  await resumeRecording(control, task.recordingId);
  expect(await report(task)).toMatchObject({ command: 'resume' });
  await stopRecording(control, task.recordingId);
  await expect(pauseRecording(control, task.recordingId)).rejects.toThrow(/cannot be paused/);
});

test('stopping what no recorder has taken ends it at once, and stopping again changes nothing', async () => {
  const recording = await begin();
  const stopped = await stopRecording(control, recording.id);
  expect(stopped).toMatchObject({ status: 'failed', stopReason: 'requested', error: { reason: 'control.stopped' } });
  expect(await stopRecording(control, recording.id)).toEqual(stopped);
  expect(await claim()).toEqual([]);
});

test('figures of a hundred recordings reach listeners although one notice cannot hold them', async () => {
  const seen = new Set<string>();
  let done: (() => void) | undefined;
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const unsubscribe = control.hub.subscribe((message) => {
    if (message.kind === 'stats' && seen.add(message.recordingId).size === 100) done?.();
  });
  for (let index = 0; index < 100; index++) await begin(`participant ${index}`);
  const tasks = [...(await claim(50)), ...(await claim(50))];
  await exchangeReports(control, { reports: tasks.map((task) => reportOf(task)) }, new AbortController().signal);
  await all;
  unsubscribe();
  expect(seen).toEqual(new Set(tasks.map((task) => task.recordingId)));
});
