/** From what goes wrong to what the overview says first: one line for each kind. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type LiveStats, noLiveStats } from '../../../recorder/contract/report.ts';
import type { TaskSpec } from '../../../recorder/contract/task-spec.ts';
import { beginRecording } from '../../_control/begin-recording.ts';
import { exchangeReports } from '../../_control/exchange-reports.ts';
import { checkHealth } from '../../_control/health.ts';
import { listActiveRecordings, listRecordings } from '../../_control/list-recordings.ts';
import { poolOf } from '../../_control/testing/pool-of.ts';
import { type TestControl, testControl } from '../../_control/testing/test-control.ts';
import { wishOf } from '../../_control/testing/wish-of.ts';
import { currentUpkeep } from '../../_control/upkeep.ts';
import { findAttention } from './find-attention.ts';

let control: TestControl;
const livekit = inject('livekit');
const pool = poolOf(() => control);

beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit });
});
afterAll(() => control.close());
beforeEach(async () => {
  await control.database.sql`truncate recordings, workers, webhook_endpoints cascade`;
});

/** What the page gathers, and what it makes of it. */
async function attention(from: TestControl = control) {
  const [health, upkeep, active, failed] = await Promise.all([
    checkHealth(from),
    currentUpkeep(from),
    listActiveRecordings(from),
    listRecordings(from, { status: ['failed'] }),
  ]);
  const warnings = new Map<string, LiveStats>();
  for (const { id, stats } of active.items) if (stats) warnings.set(id, stats);
  const { status: livekitStatus } = health.parts.livekit;
  return findAttention({
    health,
    upkeep,
    warnings,
    livekit: livekitStatus,
    unfinished: active.items,
    failed: failed.items,
    dismissedUntil: '',
  });
}

const begin = async () => {
  const { recording } = await beginRecording(control.database.db, wishOf({ room: 'stage', identity: 'ann' }));
  return recording;
};

/** There is room for recordings. */
const haveWorker = (version?: string) => {
  const claim = { workerId: randomUUID(), freeSlots: 5, holds: [], waitMs: 0, version };
  return exchangeReports(control, { claim, reports: [] }, new AbortController().signal);
};

test('nothing, while all goes well', async () => {
  await haveWorker(control.version);
  expect(await attention()).toEqual([]);
});

test('a recording that failed, with its reason and the way to it', async () => {
  const { id } = await begin();
  const worker = await haveWorker(control.version);
  await pool.report(worker.tasks[0] as TaskSpec, {
    state: 'ended',
    outcome: {
      kind: 'failed',
      reason: 'livekit.refused',
      message: 'It was refused.',
      fault: 'livekit',
      retryable: false,
    },
  });
  expect(await attention()).toMatchObject([
    {
      key: 'failed',
      about: [{ name: 'ann', place: 'stage', href: `/recordings/${id}`, text: expect.stringContaining('refused') }],
    },
  ]);
});

test('recordings that wait for a recorder, and that there is none', async () => {
  await begin();
  await control.database
    .sql`update attempts set created_at = now() - interval '5 s', available_at = now() - interval '5 s'`;
  expect((await attention()).map(({ key }) => key)).toEqual(['worker', 'queue']);
  await haveWorker(control.version);
  expect(await attention()).toEqual([]);
});

test('a recorder that cannot store what it captures, or whose disk is filling up', async () => {
  const { id } = await begin();
  const worker = await haveWorker(control.version);
  const task = worker.tasks[0] as TaskSpec;
  const stats = {
    ...noLiveStats,
    uploadTrouble: { message: 'Access denied.', sinceUnixMs: 1000 },
    spoolWarning: 'Nearly full.',
  };
  await pool.report(task, { state: 'recording', startedAtUnixMs: Date.now(), stats });
  expect(await attention()).toMatchObject([
    { key: 'uploads', since: new Date(1000).toISOString(), about: [{ id, text: 'Access denied.' }] },
    { key: 'spool', about: [{ id, text: 'Nearly full.' }] },
  ]);
});

test('a storage, a database and a LiveKit server that cannot be used', async () => {
  await haveWorker(control.version);
  const store = Object.assign(Object.create(control.store), {
    check: () => Promise.reject(new Error('Access denied')),
  });
  expect(await attention({ ...control, store })).toMatchObject([{ key: 'storage' }]);
  const away = await testControl({ postgresUrl: inject('postgresUrl') });
  expect((await attention({ ...control, livekit: away.livekit })).map(({ key }) => key)).toEqual(['livekit']);
  await away.close();
});

test('a webhook that fails for a while, until it works again; one that was switched off, until somebody knows', async () => {
  await haveWorker(control.version);
  const set = (change: string) =>
    control.database.sql`update webhook_endpoints set failing_since = now() - ${change}::interval`;
  await control.database
    .sql`insert into webhook_endpoints (url, events, secret_seed) values ('https://hooks.test/x', '[]', 'seed')`;
  await set('5 seconds');
  expect(await attention()).toEqual([]);
  await set('2 minutes');
  expect(await attention()).toMatchObject([{ key: 'webhooks-failing', about: [{ name: 'hooks.test' }] }]);
  await control.database.sql`update webhook_endpoints set enabled = false, disabled_reason = 'It answered 410.'`;
  expect(await attention()).toMatchObject([{ key: 'webhooks-off', about: [{ text: 'It answered 410.' }] }]);
  await control.database.sql`update webhook_endpoints set disabled_reason = null`;
  expect(await attention()).toEqual([]);
});

test('a recorder of another version, until it runs the same; one that says nothing is another', async () => {
  await haveWorker('0.9.0 1234567');
  expect(await attention()).toMatchObject([{ key: 'versions', about: [{ text: 'Runs 0.9.0 1234567' }] }]);
  await control.database.sql`truncate workers`;
  await haveWorker();
  expect(await attention()).toMatchObject([{ key: 'versions' }]);
  await control.database.sql`truncate workers`;
  await haveWorker(control.version);
  expect(await attention()).toEqual([]);
});
