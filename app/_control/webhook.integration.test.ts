import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { listRecordings as listRows } from '../../db/queries/list-recordings.ts';
import { oddNames } from '../../db/testing/odd-names.ts';
import * as webhookRoute from '../api/livekit/webhook/route.ts';
import { createRule } from './rules.ts';
import { bodyHash, signClaims, signWebhook } from './testing/sign-webhook.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';

let control: TestControl;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit: inject('livekit') });
  useControlPlane(control);
  await createRule(control, { name: 'all', roomPattern: 'recorded*', identityPattern: '*' });
});
afterAll(() => control.close());

let room: string;
beforeEach(() => {
  room = `recorded ${randomUUID()}`;
});

function joined(change: { id?: string; room?: string; sid?: string; permission?: object; kind?: string } = {}) {
  return JSON.stringify({
    event: 'participant_joined',
    id: change.id ?? `EV_${randomUUID()}`,
    createdAt: String(Math.floor(Date.now() / 1000)),
    room: { sid: 'RM_1', name: change.room ?? room },
    participant: {
      sid: change.sid ?? `PA_${randomUUID()}`,
      identity: 'ann',
      state: 'ACTIVE',
      kind: change.kind ?? 'STANDARD',
      permission: change.permission ?? { canPublish: true, canSubscribe: true },
      aFieldOfTomorrow: 1,
    },
  });
}

async function send(body: string, headers: Record<string, string> = {}) {
  const signature = await signWebhook(control.environment, body);
  const request = new Request('http://recorder.test/api/livekit/webhook', {
    method: 'POST',
    headers: { 'content-type': 'application/webhook+json', authorization: signature, ...headers },
    body,
  });
  const response = await webhookRoute.POST(request);
  await control.tasks.settled();
  return response;
}

const recorded = async (name = room) => (await listRows(control.database.db, { room: name, limit: 10 })).length;

test('a join that a rule wants is answered 200 and recorded', async () => {
  expect((await send(joined())).status).toBe(200);
  expect(await recorded()).toBe(1);
});

test('an event that comes again does nothing, also when both come at once', async () => {
  const body = joined();
  const answers = await Promise.all([send(body), send(body), send(body)]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect(await recorded()).toBe(1);
  await control.database.sql`delete from recordings where room = ${room}`;
  expect((await send(body)).status).toBe(200);
  expect(await recorded()).toBe(0);
});

test('two events of one join record it once', async () => {
  await Promise.all([send(joined({ sid: 'PA_same' })), send(joined({ sid: 'PA_same' }))]);
  expect(await recorded()).toBe(1);
});

test.each(oddNames)('a room named %j is recorded', async (name) => {
  const odd = `recorded ${name}`.slice(0, 4096);
  expect((await send(joined({ room: odd }))).status).toBe(200);
  expect(await recorded(odd)).toBe(1);
});

test.each([
  ['the recorder itself', { permission: { recorder: true, hidden: true, canSubscribe: true } }],
  ['a hidden watcher', { permission: { hidden: true, canPublish: true } }],
  ['somebody who may not publish', { permission: { canSubscribe: true, canPublish: false } }],
  ['a kind that the rule does not name', { kind: 'AGENT' }],
])('%s who joins is not recorded', async (_, change) => {
  expect((await send(joined(change))).status).toBe(200);
  expect(await recorded()).toBe(0);
});

test.each([
  { event: 'egress_started', id: 'EV_egress' },
  { event: 'an event of tomorrow', id: 'EV_tomorrow', room: { name: 'recorded' } },
  { event: 'participant_joined', id: 'EV_nobody' },
  { event: 'participant_joined', id: '' },
  { event: 'participant_joined', id: 'x'.repeat(5000), room: { name: 'recorded x' }, participant: { sid: 'PA_x' } },
  {
    event: 'track_published',
    id: 'EV_gone',
    room: { name: 'recorded x' },
    participant: { sid: 'PA_x', identity: 'x' },
  },
  {},
])('the event %j is answered 200 and nothing happens', async (event) => {
  const before = await control.database.sql`select count(*) from recordings`;
  expect((await send(JSON.stringify(event))).status).toBe(200);
  expect(await control.database.sql`select count(*) from recordings`).toEqual(before);
});

describe('a forged webhook is 401 and nothing is stored', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const claims = (body: string, change: object = {}) => ({
    iss: control.environment.livekitApiKey,
    nbf: now() - 1,
    exp: now() + 300,
    sha256: bodyHash(body),
    ...change,
  });
  const secret = () => control.environment.livekitApiSecret;

  test.each<[string, (body: string) => string | Promise<string>]>([
    ['without a signature', () => ''],
    ['with something that is no token', () => 'not.a.token'],
    ['signed with another secret', (body) => signClaims('another secret of thirty-two characters', claims(body))],
    ['of another key', (body) => signClaims(secret(), claims(body, { iss: 'otherkey' }))],
    ['whose token has expired', (body) => signClaims(secret(), claims(body, { exp: now() - 60 }))],
    ['whose token never expires', (body) => signClaims(secret(), claims(body, { exp: undefined }))],
    ['whose token begins tomorrow', (body) => signClaims(secret(), claims(body, { nbf: now() + 86_400 }))],
    ['with the hash of another body', (body) => signClaims(secret(), claims(`${body} `))],
    ['without a hash', (body) => signClaims(secret(), claims(body, { sha256: undefined }))],
    ['with an empty hash', (body) => signClaims(secret(), claims(body, { sha256: '' }))],
    [
      'with the hash as hex',
      (body) => signClaims(secret(), claims(body, { sha256: Buffer.from(bodyHash(body), 'base64').toString('hex') })),
    ],
    [
      'with alg none',
      (body) => `${signClaims(secret(), claims(body), { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
    ],
    [
      'with a join token of the same secret',
      (body) => signClaims(secret(), { ...claims(body, { sha256: undefined }), video: { roomJoin: true } }),
    ],
    ['with its token as Bearer', async (body) => `Bearer ${await signWebhook(control.environment, body)}`],
  ])('%s', async (_, sign) => {
    const body = joined();
    const response = await send(body, { authorization: await sign(body) });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toMatch(/secret|sha256|jwt|JWS/i);
    expect(await recorded()).toBe(0);
    const { id } = JSON.parse(body) as { id: string };
    expect(await control.database.sql`select 1 from webhook_events where id = ${id}`).toHaveLength(0);
  });

  test('with one byte changed', async () => {
    const body = joined();
    const signature = await signWebhook(control.environment, body);
    expect((await send(body.replace('ann', 'bob'), { authorization: signature })).status).toBe(401);
  });

  test('with a byte-order mark in front of what was signed', async () => {
    const body = joined();
    const signature = await signWebhook(control.environment, body);
    expect((await send(`\ufeff${body}`, { authorization: signature })).status).toBe(401);
  });

  test('signed, but not JSON', async () => {
    expect((await send('{"event":')).status).toBe(401);
  });
});

test('a body over 64 KiB is 413 and one of another content type 415, signed or not', async () => {
  expect((await send(joined({ room: 'x'.repeat(70_000) }))).status).toBe(413);
  for (const contentType of ['application/json', 'text/plain', 'application/webhook']) {
    expect((await send(joined(), { 'content-type': contentType })).status).toBe(415);
  }
  expect((await send(joined(), { 'content-type': 'application/webhook+json; charset=utf-8' })).status).toBe(200);
});
