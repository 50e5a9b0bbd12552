/** What is removed, when, in which order, and how it goes on after a crash in the middle. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { listSegments } from '../../db/queries/list-segments.ts';
import type { TaskSpec } from '../../recorder/contract/task-spec.ts';
import { StorageError } from '../../storage/object-store.ts';
import * as recordingRoute from '../api/v1/recordings/[id]/route.ts';
import * as recordingsRoute from '../api/v1/recordings/route.ts';
import { createShareRequestSchema } from './api.ts';
import { removeOnce } from './background.ts';
import { beginRecording } from './begin-recording.ts';
import { deleteRecording } from './delete-recording.ts';
import { getRecording } from './get-recording.ts';
import { createShare } from './shares.ts';
import { callRoute } from './testing/call-route.ts';
import { poolOf } from './testing/pool-of.ts';
import { segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';
import { findSharedRecording } from './view-share.ts';

let control: TestControl;
const pool = poolOf(() => control);
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') }, { RETAIN_DAYS: '30' });
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(async () => {
  await control.database.sql`truncate recordings, deleted_recordings, settled_participants cascade`;
});

/** A ready recording with two segments and a manifest beside its finished file. */
async function ready(wish: { retainUntil?: Date } = {}): Promise<TaskSpec> {
  await beginRecording(
    control.database.db,
    wishOf({ room: randomUUID(), identity: 'ann', participantSid: 'PA_1', ...wish }),
  );
  const task = await pool.claimRecord();
  const segments = [segmentOf(task, 1), segmentOf(task, 2)];
  for (const { key } of segments) await control.store.put(key, new Uint8Array(100), { contentType: 'video/webm' });
  await control.store.put(`${task.objectPrefix}manifest.json`, new Uint8Array(1), { contentType: 'application/json' });
  await pool.report(task, { captureAgeMs: 1, segments });
  const media = [await pool.storeFinished(task)];
  await pool.report(task, { state: 'ended', outcome: { kind: 'finished', stopReason: 'requested', media } });
  return task;
}

async function objectsOf({ recordingId }: TaskSpec): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of control.store.list(`recordings/${recordingId}/`)) keys.push(key);
  return keys;
}

/** While `work` runs, the store refuses to delete after this many requests. */
async function withBrokenDelete<Result>(after: number, work: () => Promise<Result>): Promise<Result> {
  const { store } = control;
  const working = store.delete.bind(store);
  let left = after;
  store.delete = (keys) => {
    left -= 1;
    return left >= 0 ? working(keys) : Promise.reject(new StorageError('unreachable', 'The store is away.', true));
  };
  try {
    return await work();
  } finally {
    store.delete = working;
  }
}

const sql: TestControl['database']['sql'] = (...args) => control.database.sql(...args);
const readyLongAgo = () => sql`update attempts set ended_at = ended_at - interval '1 hour'`;

describe('deleting', () => {
  test('while the store is away hides the recording at once and removes it when the store is back', async () => {
    const task = await ready();
    const share = await createShare(control, task.recordingId, createShareRequestSchema.parse({}));
    const params = { id: task.recordingId };
    const answer = await withBrokenDelete(0, () => callRoute(recordingRoute.DELETE, { method: 'DELETE', params }));
    expect(answer.status).toBe(204);

    expect((await callRoute(recordingRoute.GET, { params })).status).toBe(404);
    expect((await callRoute(recordingRoute.DELETE, { method: 'DELETE', params })).status).toBe(404);
    expect(await (await callRoute(recordingsRoute.GET)).json()).toMatchObject({ items: [] });
    expect(await findSharedRecording(control, share.url.slice(share.url.lastIndexOf('/') + 1))).toBeUndefined();
    expect(
      await sql`select type from events where recording_id = ${task.recordingId} order by id desc limit 1`,
    ).toEqual([{ type: 'recording.deleted' }]);
    expect(await objectsOf(task)).toHaveLength(4);

    await withBrokenDelete(0, async () => {
      await expect(removeOnce(control)).rejects.toThrow('The store is away.');
    });
    expect(await sql`select id from recordings`).toHaveLength(1);
    await removeOnce(control);
    expect(await objectsOf(task)).toEqual([]);
    expect(await sql`select id from recordings`).toEqual([]);
    expect(await sql`select attempt_id from segments`).toEqual([]);
  });

  test('goes on after a crash between its objects and its rows', async () => {
    const task = await ready();
    await sql`update recordings set deleted_at = now()`;
    await control.store.delete(await objectsOf(task));
    await removeOnce(control);
    expect(await sql`select id from recordings`).toEqual([]);
  });

  test('makes a recorder that still holds it discard what it has', async () => {
    const task = await ready();
    await withBrokenDelete(0, () => deleteRecording(control, task.recordingId));
    expect(await pool.report(task, { segments: [segmentOf(task, 3)] })).toMatchObject({
      command: 'discard',
      accepted: false,
    });
    await removeOnce(control);
    expect(await pool.report(task)).toMatchObject({ command: 'discard', accepted: false });
  });

  test('looks again a day later for what was stored meanwhile, and leaves what is not its own', async () => {
    const task = await ready();
    await deleteRecording(control, task.recordingId);
    const late = `${task.objectPrefix}camera/000009.webm`;
    const foreign = `recordings/${randomUUID()}/${randomUUID()}/camera.webm`;
    for (const key of [late, foreign]) await control.store.put(key, new Uint8Array(1), { contentType: 'video/webm' });
    await removeOnce(control);
    expect(await objectsOf(task)).toEqual([late]);
    await sql`update deleted_recordings set deleted_at = now() - interval '25 hours'`;
    await removeOnce(control);
    expect(await objectsOf(task)).toEqual([]);
    expect(await control.store.head(foreign)).toBeDefined();
    expect(await sql`select recording_id from deleted_recordings`).toEqual([]);
  });
});

describe('retention', () => {
  const left = async () => (await sql<{ id: string }>`select id from recordings`).map(({ id }) => id);

  test('removes what its rule says is old, and what the installation says where the rule says nothing', async () => {
    const kept = await ready({ retainUntil: new Date(Date.now() + 86_400_000) });
    const keptByDefault = await ready();
    await ready({ retainUntil: new Date(Date.now() - 1000) });
    const old = await ready();
    await sql`update recordings set stopped_at = now() - interval '31 days', requested_at = now() - interval '31 days' where id in (${old.recordingId}, ${kept.recordingId})`;
    await removeOnce(control);
    expect((await left()).sort()).toEqual([kept.recordingId, keptByDefault.recordingId].sort());
    expect(await objectsOf(old)).toEqual([]);
  });

  test('never touches a recording that is not over', async () => {
    const task = await ready({ retainUntil: new Date(0) });
    await sql`update recordings set status = 'recording'`;
    await removeOnce(control);
    expect(await left()).toEqual([task.recordingId]);
  });

  test('is a deletion: those who watch hear of it', async () => {
    const task = await ready({ retainUntil: new Date(0) });
    await removeOnce(control);
    const [event] = await sql`select type, recording_id from events order by id desc limit 1`;
    expect(event).toEqual({ type: 'recording.deleted', recording_id: task.recordingId });
  });
});

describe('cleaning up', () => {
  test('leaves the finished file alone and removes what it was made of, some time after it was ready', async () => {
    const task = await ready();
    await removeOnce(control);
    expect(await objectsOf(task)).toHaveLength(4);
    await readyLongAgo();
    await removeOnce(control);
    expect(await objectsOf(task)).toEqual([`${task.objectPrefix}camera.webm`]);
    expect(await listSegments(control.database.db, task.attemptId, 'camera')).toEqual([]);
    expect(await getRecording(control, task.recordingId)).toMatchObject({
      status: 'ready',
      media: [{ finished: true, sizeBytes: 5 }],
    });
  });

  test('that breaks off is done again', async () => {
    const task = await ready();
    await readyLongAgo();
    await withBrokenDelete(0, async () => {
      await expect(removeOnce(control)).rejects.toThrow('The store is away.');
    });
    expect(await listSegments(control.database.db, task.attemptId, 'camera')).toHaveLength(2);
    await removeOnce(control);
    expect(await objectsOf(task)).toHaveLength(1);
  });

  test.each([
    ['is gone', (key: string) => control.store.delete([key])],
    ['has another size', (key: string) => control.store.put(key, new Uint8Array(4), { contentType: 'video/webm' })],
  ])('removes nothing when the finished file %s', async (_, damage) => {
    const task = await ready();
    await readyLongAgo();
    await damage(`${task.objectPrefix}camera.webm`);
    const before = await objectsOf(task);
    await removeOnce(control);
    await removeOnce(control);
    expect(await objectsOf(task)).toEqual(before);
    expect(await listSegments(control.database.db, task.attemptId, 'camera')).toHaveLength(2);
  });

  test('leaves a recording alone that failed: its segments are what there is', async () => {
    const task = await ready();
    await readyLongAgo();
    await sql`update recordings set status = 'failed', media = '[]'`;
    await removeOnce(control);
    expect(await objectsOf(task)).toHaveLength(4);
    expect((await getRecording(control, task.recordingId)).media).toMatchObject([{ finished: false }]);
  });
});

test('two processes that remove at once do it once', async () => {
  const tasks = [await ready(), await ready()];
  await sql`update recordings set deleted_at = now()`;
  await Promise.all([removeOnce(control), removeOnce(control), removeOnce(control)]);
  for (const task of tasks) expect(await objectsOf(task)).toEqual([]);
  expect(await sql`select id from recordings`).toEqual([]);
});
