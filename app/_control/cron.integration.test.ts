/** Reconciling where no process stays: a cron job calls. And the queue, which it tells of. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import * as cronRoute from '../api/cron/reconcile/route.ts';
import { reconcileOnce } from './background.ts';
import { beginRecording } from './begin-recording.ts';
import { getRecording } from './get-recording.ts';
import { listRecordings } from './list-recordings.ts';
import { createRule } from './rules.ts';
import { type Call, callRoute } from './testing/call-route.ts';
import { joinRoom } from './testing/join-room.ts';
import { lost, poolOf } from './testing/pool-of.ts';
import { segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';

const secret = 'the secret of the cron job';
let control: TestControl;
const pool = poolOf(() => control);
beforeAll(async () => {
  control = await testControl(
    { postgresUrl: inject('postgresUrl'), livekit: inject('livekit') },
    { CRON_SECRET: secret },
  );
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(async () => {
  await control.database.sql`truncate recordings, rules, cron_runs, workers cascade`;
});

const run = (call: Call = {}) =>
  callRoute(cronRoute.GET, { as: 'nobody', headers: { authorization: `Bearer ${secret}` }, ...call });

const enqueue = (identity: string) =>
  beginRecording(control.database.db, {
    room: 'waiting room',
    identity,
    origin: 'api',
    wantedTracks: ['camera'],
    reconnectWindowMs: 1000,
  });

test.each<[string, Record<string, string>]>([
  ['nobody', {}],
  ['somebody with a wrong secret', { authorization: 'Bearer the secret of the cron jo' }],
  ['somebody with the API key', { authorization: 'Bearer the key of the administrator' }],
  ['somebody with an empty one', { authorization: 'Bearer ' }],
])('%s may not call it', async (_, headers) => {
  for (const route of [cronRoute.GET, cronRoute.POST]) {
    expect((await callRoute(route, { as: 'nobody', headers })).status).toBe(401);
  }
  expect(await control.database.sql`select 1 from cron_runs`).toEqual([]);
});

test('without CRON_SECRET there is no such route', async () => {
  const other = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(other);
  try {
    for (const authorization of ['', 'Bearer ', `Bearer ${secret}`]) {
      expect((await callRoute(cronRoute.GET, { as: 'nobody', headers: { authorization } })).status).toBe(404);
    }
  } finally {
    useControlPlane(control);
    await other.close();
  }
});

test('it begins what a lost webhook should have begun', async () => {
  const room = randomUUID();
  await createRule(control, { name: 'r', roomPattern: room, identityPattern: '*' });
  const ann = await joinRoom(inject('livekit'), room, 'ann');
  try {
    expect(await (await run()).json()).toEqual({ passes: 1, failed: [] });
    expect(await pool.claimRecord()).toMatchObject({ room, identity: 'ann' });
  } finally {
    await ann.leave();
  }
});

test('it replaces lost recorders, but not in the first run after a long silence', async () => {
  await enqueue('ann');
  const task = await pool.claimRecord();
  await control.database.sql`update attempts set lease_expires_at = now() - interval '1 s'`;
  await run();
  expect((await getRecording(control, task.recordingId)).status).toBe('starting');
  await run();
  expect((await getRecording(control, task.recordingId)).status).toBe('requested');
});

test('it queues the joining of what waits for it', async () => {
  await enqueue('ann');
  const task = await pool.claimRecord();
  const outcome = { ...lost, retryable: false } as typeof lost;
  await pool.report(task, { state: 'ended', captureAgeMs: 1, segments: [segmentOf(task, 1)], outcome });
  await run();
  expect(await pool.claimFinalise()).toMatchObject({ recordingId: task.recordingId });
});

test('a burst of a hundred waits in the order in which it came, and none is lost', async () => {
  for (let index = 0; index < 100; index++) await enqueue(`participant ${index}`);
  const waiting = async () => (await listRecordings(control, { limit: 200 })).items.reverse();
  const places = (await waiting()).map((recording) => recording.waiting?.before);
  expect(places.slice(1)).toEqual(Array.from({ length: 99 }, (_, index) => index + 1));
  expect((await waiting())[3]?.waiting).toMatchObject({
    reason: 'recorder',
    message: 'Waiting for a free recorder, 3 before it.',
  });
  const taken = new Set<string>();
  for (let claims = 0; taken.size < 100 && claims < 30; claims++) {
    const tasks = await pool.claim(7);
    expect(tasks.length).toBe(Math.min(7, 100 - taken.size));
    for (const task of tasks) taken.add(task.recordingId);
  }
  expect(taken.size).toBe(100);
  expect((await waiting()).every((recording) => recording.waiting === null)).toBe(true);
});

test('a recording that was interrupted is taken before those that came later', async () => {
  await enqueue('first');
  const first = await pool.claimRecord();
  await enqueue('second');
  await pool.report(first, { captureAgeMs: 1, segments: [segmentOf(first, 1)] });
  await pool.report(first, { state: 'ended', outcome: lost });
  expect((await pool.claimRecord()).recordingId).toBe(first.recordingId);
});

test('who watches hears when the places in the queue change, and not otherwise', async () => {
  await enqueue('one');
  await enqueue('two');
  await enqueue('three');
  // Long enough to be worth a word.
  await control.database.sql`update attempts set available_at = now() - interval '1 minute'`;
  await reconcileOnce(control);
  const newest = async () => {
    const [row] = await control.database.sql<{ id: string }>`select coalesce(max(id), 0) as id from events`;
    return Number(row?.id);
  };
  const before = await newest();
  await reconcileOnce(control);
  expect(await newest()).toBe(before);
  await pool.claimRecord();
  const claimed = await newest();
  await reconcileOnce(control);
  const told = await control.database.sql<{ before: number; identity: string }>`
    select data->'waiting'->'before' as before, data->>'identity' as identity from events where id > ${claimed} order by id`;
  expect(told.map(({ identity }) => identity).sort()).toEqual(['three', 'two']);
  expect(told.find(({ identity }) => identity === 'three')?.before).toBe(1);
});
