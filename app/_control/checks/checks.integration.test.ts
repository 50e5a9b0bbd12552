/** What the settings say of LiveKit, the store, the workers and of how long recordings are kept. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import * as retentionRoute from '../../api/v1/settings/retention/route.ts';
import { beginRecording } from '../begin-recording.ts';
import { expireRecordings } from '../delete-recording.ts';
import { callRoute } from '../testing/call-route.ts';
import { poolOf } from '../testing/pool-of.ts';
import { type TestControl, testControl } from '../testing/test-control.ts';
import { useControlPlane } from '../testing/use-control-plane.ts';
import { wishOf } from '../testing/wish-of.ts';
import { checkLiveKit } from './check-livekit.ts';
import { checkStorage } from './check-storage.ts';
import { listWorkers } from './list-workers.ts';

let control: TestControl;
const livekit = inject('livekit');
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit }, { RETAIN_DAYS: '30' });
  useControlPlane(control);
});
afterAll(() => control.close());

const withEnvironment = (change: Partial<TestControl['environment']>) => ({
  ...control,
  environment: { ...control.environment, ...change },
});
const named = (steps: Awaited<ReturnType<typeof checkLiveKit>>['steps']) =>
  Object.fromEntries(steps.map(({ name, state, detail }) => [name, `${state}: ${detail}`]));

test('a LiveKit that works is said to work, but for webhooks that never came', async () => {
  const check = await checkLiveKit(control);
  expect(check.ok).toBe(true);
  expect(named(check.steps)).toEqual({
    Reach: expect.stringMatching(/^works/),
    'Key and secret': expect.stringMatching(/^works/),
    Clock: expect.stringMatching(/^works/),
    Webhooks: expect.stringMatching(/^unsure: .*http:\/\/recorder\.test\/api\/livekit\/webhook/),
  });
  await control.database.sql`insert into webhook_events (id) values ('EV_1')`;
  expect(named((await checkLiveKit(control)).steps).Webhooks).toMatch(/^works: The last one came \d+ s ago\.$/);
});

test('a wrong key and a wrong secret are told apart, and neither is repeated', async () => {
  const wrongKey = await checkLiveKit(withEnvironment({ livekitApiKey: 'nobody' }));
  expect(named(wrongKey.steps)['Key and secret']).toMatch(/^fails: .*Check LIVEKIT_API_KEY\.$/);
  const secret = 'another secret of at least thirty-two letters';
  const wrongSecret = await checkLiveKit(withEnvironment({ livekitApiSecret: secret }));
  expect(named(wrongSecret.steps)['Key and secret']).toMatch(/^fails: .*Check LIVEKIT_API_SECRET\.$/);
  expect(wrongSecret.ok).toBe(false);
  expect(JSON.stringify(wrongSecret)).not.toMatch(/eyJ|thirty-two/);
});

test('a server that is not there, or is none, is named with what to check', async () => {
  const other = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const livekitApiUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const check = await checkLiveKit(withEnvironment({ livekitApiUrl }));
  await new Promise((resolve) => other.close(resolve));
  expect(named(check.steps)['Key and secret']).toMatch(/^fails: .*404, as no LiveKit server does/);
  const nowhere = await checkLiveKit(withEnvironment({ livekitApiUrl }));
  expect(named(nowhere.steps).Reach).toMatch(/^fails: Nothing listens at 127\.0\.0\.1:\d+\. .*LIVEKIT_URL/);
});

test('a clock that is off is said in seconds', async () => {
  const late = createServer((_, response) => {
    response.sendDate = false;
    response.setHeader('date', new Date(Date.now() + 300_000).toUTCString());
    response.writeHead(401).end('invalid token: eyJ…, error: token is expired (exp)');
  });
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
  const livekitApiUrl = `http://127.0.0.1:${(late.address() as AddressInfo).port}`;
  const check = await checkLiveKit(withEnvironment({ livekitApiUrl }));
  late.close();
  expect(named(check.steps).Clock).toMatch(/^fails: LiveKit's clock is (299|300|301) s ahead of/);
  expect(named(check.steps)['Key and secret']).toMatch(/clocks/);
});

test('each step of the store is said with its time; what does not work is said in words', async () => {
  const works = await checkStorage(control);
  expect(works.steps.map(({ name, state }) => [name, state])).toEqual([
    ['Write', 'works'],
    ['Read', 'works'],
    ['Read a part', 'works'],
    ['Delete', 'works'],
  ]);
  expect(works.steps.every(({ durationMs }) => durationMs !== null && durationMs >= 0)).toBe(true);
  const { store: whole } = control;
  const store: TestControl['store'] = new Proxy(whole, {
    get(_, name) {
      if (name === 'read')
        return (key: string, range?: object) => whole.read(key, range && { startByte: 0, endByte: 1 });
      const value: unknown = Reflect.get(whole, name, whole);
      return typeof value === 'function' ? value.bind(whole) : value;
    },
  });
  const broken = await checkStorage({ ...control, store });
  expect(broken.ok).toBe(false);
  expect(broken.steps.map(({ state }) => state)).toEqual(['works', 'works', 'fails', 'works']);
  expect(broken.steps[2]?.detail).toMatch(/byte ranges, which players need/);
});

test('a worker is listed with what it holds', async () => {
  const pool = poolOf(() => control);
  await begin('held');
  const id = randomUUID();
  await pool.claim(3, id);
  expect(await listWorkers(control)).toEqual([
    { id, seenAt: expect.any(String), freeSlots: expect.any(Number), recordings: 1, version: null },
  ]);
});

const begin = (identity: string) => beginRecording(control.database.db, wishOf({ room: 'checks', identity }));

test('retention is what the environment says until somebody sets it, and then that', async () => {
  const { GET, PATCH, DELETE } = retentionRoute;
  const handlers = { GET, PATCH, DELETE };
  const change = async (method: keyof typeof handlers, json?: object) =>
    (await callRoute(handlers[method], { method, json })).json();
  expect(await change('GET')).toEqual({ retainDays: 30, setBy: 'environment', environmentDays: 30 });
  const { recording } = await begin('kept');
  await control.database.sql`
    update recordings set status = 'failed', requested_at = now() - interval '40 days' where id = ${recording.id}`;

  expect(await change('PATCH', { retainDays: null })).toMatchObject({ retainDays: null, setBy: 'hand' });
  expect(await expireRecordings(control)).toBe(0);
  expect(await change('PATCH', { retainDays: 50 })).toMatchObject({ retainDays: 50, setBy: 'hand' });
  expect(await expireRecordings(control)).toBe(0);
  expect(await change('DELETE')).toMatchObject({ retainDays: 30, setBy: 'environment' });
  expect(await expireRecordings(control)).toBe(1);
  expect((await callRoute(PATCH, { method: 'PATCH', json: { retainDays: 0 } })).status).toBe(400);
});
