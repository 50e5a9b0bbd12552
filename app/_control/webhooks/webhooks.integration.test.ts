/** Outgoing webhooks, from what happens to a recording to what a receiver gets. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { Webhook as Verifier } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { forgetOldRows } from '../../../db/queries/forget-old-rows.ts';
import * as resendRoute from '../../api/v1/webhooks/[id]/deliveries/[delivery]/resend/route.ts';
import * as deliveriesRoute from '../../api/v1/webhooks/[id]/deliveries/route.ts';
import * as webhookRoute from '../../api/v1/webhooks/[id]/route.ts';
import * as secretRoute from '../../api/v1/webhooks/[id]/secret/route.ts';
import * as testRoute from '../../api/v1/webhooks/[id]/test/route.ts';
import * as webhooksRoute from '../../api/v1/webhooks/route.ts';
import { sendWebhooks } from '../background.ts';
import { beginRecording } from '../begin-recording.ts';
import { deleteRecording } from '../delete-recording.ts';
import { runCron } from '../run-cron.ts';
import { callRoute } from '../testing/call-route.ts';
import { poolOf } from '../testing/pool-of.ts';
import { type TestControl, testControl } from '../testing/test-control.ts';
import { useControlPlane } from '../testing/use-control-plane.ts';
import { wishOf } from '../testing/wish-of.ts';
import type { WebhookDelivery, WebhookMessage, WebhookWithSecret } from '../webhooks-api.ts';
import { DeliveryLanes } from './delivery-lanes.ts';
import { queueDeliveries } from './queue-deliveries.ts';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let control: TestControl;
let receiver: Server;
let origin: string;
let received: Received[];
/** By path; default: 204. */
const answers = new Map<string, { status: number; body?: string; headers?: Record<string, string> } | 'never'>();

beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') }, { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' });
  useControlPlane(control);
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const answer = answers.get(path) ?? { status: 204 };
      if (answer !== 'never') response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await control.close();
});
beforeEach(async () => {
  received = [];
  answers.clear();
  await control.database.sql`delete from webhook_endpoints`;
});

async function create(path: string, change: object = {}): Promise<WebhookWithSecret> {
  const response = await callRoute(webhooksRoute.POST, { json: { url: origin + path, ...change } });
  expect(response.status).toBe(201);
  return (await response.json()) as WebhookWithSecret;
}

async function deliveriesOf(id: string, query = ''): Promise<{ items: WebhookDelivery[]; nextCursor: string | null }> {
  return (await callRoute(deliveriesRoute.GET, { path: `/?${query}`, params: { id } })).json();
}

/** What the background does until nothing is due. */
async function sendAll(): Promise<void> {
  const lanes = new DeliveryLanes(control);
  await sendWebhooks(control, lanes);
  await lanes.settled();
}

async function letItBeDue(): Promise<void> {
  await control.database.sql`update webhook_deliveries set next_attempt_at = now() where next_attempt_at is not null`;
}

const begin = (identity: string) => beginRecording(control.database.db, wishOf({ room: 'webhooks', identity }));

/** A whole recording, as recorders and people make it. */
async function record(identity: string): Promise<string> {
  const { recording } = await begin(identity);
  const pool = poolOf(() => control);
  const task = await pool.claimRecord();
  await pool.report(task, { startedAtUnixMs: Date.now() });
  await pool.report(task, {
    state: 'ended',
    startedAtUnixMs: Date.now(),
    outcome: { kind: 'finished', stopReason: 'requested', media: [await pool.storeFinished(task)] },
  });
  return recording.id;
}

test('each step of a recording is told once, in order, signed, with the recording as it was', async () => {
  const { id, secret } = await create('/all');
  const recordingId = await record('ann');
  await sendAll();
  await deleteRecording(control, recordingId);
  await sendAll();
  await sendAll();

  const messages = received.map(({ headers, body }) => {
    new Verifier(secret).verify(body, headers as Record<string, string>);
    expect(headers['content-type']).toBe('application/json');
    return JSON.parse(body) as WebhookMessage;
  });
  expect(messages.map(({ type }) => type).sort()).toEqual([
    'recording.deleted',
    'recording.ready',
    'recording.started',
  ]);
  const ready = messages.find(({ type }) => type === 'recording.ready');
  expect(ready?.data).toMatchObject({ id: recordingId, identity: 'ann', status: 'ready' });
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);

  const { items } = await deliveriesOf(id);
  expect(items).toHaveLength(3);
  for (const item of items) expect(item).toMatchObject({ state: 'delivered', status: 204, attempts: 1, error: null });
});

test('an endpoint is told what it asked for, from when it is there and while it is on', async () => {
  await record('before');
  const chosen = await create('/chosen', { events: ['recording.ready'] });
  await create('/off', { enabled: false });
  await record('bob');
  await sendAll();
  expect(received.map(({ path, body }) => [path, JSON.parse(body).data.identity])).toEqual([['/chosen', 'bob']]);
  await callRoute(webhookRoute.PATCH, { method: 'PATCH', params: { id: chosen.id }, json: { enabled: false } });
  await record('cleo');
  await sendAll();
  expect(received).toHaveLength(1);
});

test('what fails is tried again with the same id, later each time, and given up in the end', async () => {
  const { id } = await create('/broken', { events: ['recording.started'] });
  answers.set('/broken', { status: 500, body: `broken${'.'.repeat(5000)}` });
  await record('dan');
  await sendAll();
  let [delivery] = (await deliveriesOf(id)).items;
  expect(delivery).toMatchObject({ state: 'waiting', attempts: 1, status: 500, error: expect.stringContaining('500') });
  expect(delivery?.answer).toHaveLength(1024);
  await sendAll();
  expect(received).toHaveLength(1);

  const waits: number[] = [];
  for (let attempt = 2; attempt < 20 && delivery?.state === 'waiting'; attempt++) {
    waits.push(Date.parse(delivery.nextAttemptAt ?? '') - Date.parse(delivery.attemptedAt ?? ''));
    await letItBeDue();
    await sendAll();
    [delivery] = (await deliveriesOf(id)).items;
  }
  expect(delivery).toMatchObject({ state: 'failed', nextAttemptAt: null });
  expect(waits).toEqual([...waits].sort((one, other) => one - other));
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(24 * 3_600_000);
  expect(received).toHaveLength(waits.length + 1);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(await (await callRoute(webhookRoute.GET, { params: { id } })).json()).toMatchObject({
    failingSince: expect.any(String),
  });

  answers.clear();
  const again = await callRoute(resendRoute.POST, { method: 'POST', params: { id, delivery: delivery?.id ?? '' } });
  expect(await again.json()).toMatchObject({ state: 'delivered', status: 204, error: null });
  expect(await (await callRoute(webhookRoute.GET, { params: { id } })).json()).toMatchObject({ failingSince: null });
});

test('an endpoint that fails for days, or wants no more, is switched off, which says so', async () => {
  const days = await create('/days', { events: ['recording.started'] });
  const gone = await create('/gone', { events: ['recording.started'] });
  answers.set('/days', { status: 500 });
  answers.set('/gone', { status: 410 });
  await control.database
    .sql`update webhook_endpoints set failing_since = now() - interval '73 hours' where id = ${days.id}`;
  await record('eve');
  await sendAll();
  for (const { id } of [days, gone]) {
    const webhook = await (await callRoute(webhookRoute.GET, { params: { id } })).json();
    expect(webhook).toMatchObject({ enabled: false, disabledReason: expect.stringMatching(/\.$/) });
  }
  for (const [{ id }, enabled] of [
    [days, true],
    [gone, false],
  ] as const) {
    const byHand = await callRoute(webhookRoute.PATCH, { method: 'PATCH', params: { id }, json: { enabled } });
    expect(await byHand.json()).toMatchObject({ enabled, disabledReason: null, failingSince: null });
  }
});

test('a process that dies between taking and sending loses nothing', async () => {
  await create('/survives', { events: ['recording.started'] });
  await record('fay');
  await queueDeliveries(control);
  // Taken, and never heard of again.
  await control.database.sql`update webhook_deliveries set next_attempt_at = now() + interval '1 minute', attempts = 1`;
  await sendAll();
  expect(received).toEqual([]);
  await letItBeDue();
  await sendAll();
  expect(received.map(({ path }) => path)).toEqual(['/survives']);
});

test('an event that could not be queued is queued by the next pass', async () => {
  await create('/later', { events: ['recording.started'] });
  await record('gus');
  await expect(
    control.database.db.transaction(async (db) => {
      await queueDeliveries({ ...control, database: { ...control.database, db } });
      throw new Error('the process died');
    }),
  ).rejects.toThrow('died');
  await sendAll();
  expect(received).toHaveLength(1);
});

test('several dashboards send each message once', async () => {
  await create('/shared', { events: ['recording.started'] });
  for (let index = 0; index < 12; index++) await record(`many ${index}`);
  await Promise.all([sendAll(), sendAll(), sendAll()]);
  await sendAll();
  const ids = received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(12);
  expect(new Set(ids).size).toBe(12);
});

test('an endpoint that does not answer holds up no other', async () => {
  await create('/hangs', { events: ['recording.started'] });
  await create('/works', { events: ['recording.started'] });
  answers.set('/hangs', 'never');
  for (let index = 0; index < 6; index++) await record(`slow ${index}`);
  const lanes = new DeliveryLanes(control);
  await sendWebhooks(control, lanes);
  await expect.poll(() => received.filter(({ path }) => path === '/works').length).toBe(6);
  expect(received.filter(({ path }) => path === '/hangs').length).toBeLessThanOrEqual(4);
  receiver.closeAllConnections();
  answers.clear();
  await lanes.settled();
});

test('a test says at once how it went, is signed, and is not repeated', async () => {
  const { id, secret } = await create('/test');
  const response = await callRoute(testRoute.POST, { method: 'POST', params: { id } });
  expect(await response.json()).toMatchObject({ type: 'webhook.test', state: 'delivered', status: 204 });
  const [message] = received;
  new Verifier(secret).verify(message?.body ?? '', message?.headers as Record<string, string>);
  answers.set('/test', { status: 302, headers: { location: '/elsewhere' } });
  const redirected = await callRoute(testRoute.POST, { method: 'POST', params: { id } });
  expect(await redirected.json()).toMatchObject({
    state: 'failed',
    status: 302,
    error: expect.stringContaining('redirect'),
  });
  expect(received.map(({ path }) => path)).toEqual(['/test', '/test']);
});

test('a new secret replaces the old one, and neither is told again or kept', async () => {
  const { id, secret } = await create('/secret');
  const replaced = (await (
    await callRoute(secretRoute.POST, { method: 'POST', params: { id } })
  ).json()) as WebhookWithSecret;
  expect(replaced.secret).not.toBe(secret);
  await callRoute(testRoute.POST, { method: 'POST', params: { id } });
  const [message] = received;
  const headers = message?.headers as Record<string, string>;
  expect(() => new Verifier(secret).verify(message?.body ?? '', headers)).toThrow();
  new Verifier(replaced.secret).verify(message?.body ?? '', headers);
  expect(await (await callRoute(webhookRoute.GET, { params: { id } })).json()).not.toHaveProperty('secret');
  const { rows } = await control.database.db.execute(sql`select row_to_json(e)::text as row from webhook_endpoints e`);
  for (const held of [secret, replaced.secret]) {
    expect(JSON.stringify(rows)).not.toContain(held.slice(6));
    expect(control.logged.join()).not.toContain(held.slice(6));
  }
});

test.each([
  ['http://10.0.0.1/hook', 'private'],
  ['http://[::1]:1/hook', 'private'],
  ['http://169.254.169.254/latest', 'private'],
  ['ftp://example.com/', 'address like'],
  ['https://user:pass@example.com/', 'user name'],
])('%s is refused', async (url, sentence) => {
  const response = await callRoute(webhooksRoute.POST, { json: { url } });
  expect(response.status).toBe(400);
  expect(JSON.stringify(await response.json())).toContain(sentence);
});

test('an address that was let in before it was forbidden is not reached either', async () => {
  const { id } = await create('/inside');
  const strict = { ...control, environment: { ...control.environment, webhookAllowance: [] } };
  useControlPlane(strict);
  const response = await callRoute(testRoute.POST, { method: 'POST', params: { id } });
  useControlPlane(control);
  expect(await response.json()).toMatchObject({ state: 'failed', error: expect.stringContaining('private address') });
  expect(received).toEqual([]);
});

test('a process that stops breaks off what it sends, and the next one sends it at once', async () => {
  const { id } = await create('/stopping', { events: ['recording.started'] });
  answers.set('/stopping', 'never');
  await record('stopping');
  const stopping = new AbortController();
  const lanes = new DeliveryLanes({ ...control, stopping: stopping.signal });
  await sendWebhooks(control, lanes);
  await expect.poll(() => received.length).toBe(1);
  stopping.abort();
  await lanes.settled();
  expect((await deliveriesOf(id)).items).toMatchObject([{ state: 'waiting', attempts: 0, error: null }]);
  answers.clear();
  await sendAll();
  expect(received).toHaveLength(2);
});

test('where no process stays, a cron job sends them', async () => {
  await create('/cron', { events: ['recording.started'] });
  await record('cron');
  const { failed } = await runCron(control, { forMs: 0, signal: new AbortController().signal });
  expect(failed).not.toContain('webhooks');
  expect(received.map(({ path }) => path)).toEqual(['/cron']);
});

test('what was sent a week ago is forgotten', async () => {
  const { id } = await create('/old');
  await callRoute(testRoute.POST, { method: 'POST', params: { id } });
  await control.database.sql`update webhook_deliveries set created_at = now() - interval '8 days'`;
  await callRoute(testRoute.POST, { method: 'POST', params: { id } });
  await forgetOldRows(control.database.db);
  expect((await deliveriesOf(id)).items).toHaveLength(1);
});

test('the log comes in pages, newest first', async () => {
  const { id } = await create('/pages');
  for (let index = 0; index < 5; index++) await callRoute(testRoute.POST, { method: 'POST', params: { id } });
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await deliveriesOf(id, `limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.items.map((delivery) => delivery.id));
    cursor = page.nextCursor ?? '';
  } while (cursor !== '');
  expect(new Set(seen).size).toBe(5);
  expect(seen).toHaveLength(5);
});
