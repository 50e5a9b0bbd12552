/** Who did what, by the routes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { forgetOldRows } from '../../db/queries/forget-old-rows.ts';
import * as actionsRoute from '../api/v1/actions/route.ts';
import * as apiKeyRoute from '../api/v1/api-keys/[id]/route.ts';
import * as apiKeysRoute from '../api/v1/api-keys/route.ts';
import * as historyRoute from '../api/v1/recordings/[id]/history/route.ts';
import * as recordingRoute from '../api/v1/recordings/[id]/route.ts';
import * as sharesRoute from '../api/v1/recordings/[id]/shares/route.ts';
import * as stopRoute from '../api/v1/recordings/[id]/stop/route.ts';
import * as bulkDeleteRoute from '../api/v1/recordings/delete/route.ts';
import * as recordingsRoute from '../api/v1/recordings/route.ts';
import * as ruleRoute from '../api/v1/rules/[id]/route.ts';
import * as rulesRoute from '../api/v1/rules/route.ts';
import * as shareRoute from '../api/v1/shares/[id]/route.ts';
import { type Action, actionSchema } from './actions-api.ts';
import { createdShareSchema, pageOf, recordingSchema, ruleSchema } from './api.ts';
import { createApiKey } from './api-keys.ts';
import { beginRecording } from './begin-recording.ts';
import { historySchema } from './history-api.ts';
import { scopes } from './scopes.ts';
import { openSession } from './sessions.ts';
import { callRoute, origin } from './testing/call-route.ts';
import { joinRoom } from './testing/join-room.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';
import { inviteUser } from './users.ts';
import { createdApiKeySchema } from './users-api.ts';

let control: TestControl;
const livekit = inject('livekit');
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit });
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(() => control.database.sql`truncate actions`);

const list = async (query = '') => {
  const response = await callRoute(actionsRoute.GET, { path: `/api/v1/actions${query}` });
  return pageOf(actionSchema).parse(await response.json());
};
const said = ({ action, actor, subject }: Action) =>
  [action, `${actor.kind} ${actor.name}`, subject?.name].filter(Boolean).join(', ');
const newRecording = async () =>
  (await beginRecording(control.database.db, wishOf({ room: randomUUID(), identity: 'ann' }))).recording.id;

async function personCalls(name: string) {
  const { user } = await inviteUser(control, { name, email: `${randomUUID()}@example.com`, role: 'operator' });
  const secret = await openSession(control.database.db, user.id, { userAgent: '', address: '' });
  return { as: 'nobody' as const, headers: { cookie: `recorder-session=${secret}`, origin } };
}

async function keyCalls(name: string) {
  const { id, key } = await createApiKey(control, { name, scopes, expiresIn: null }, null);
  return { id, headers: { authorization: `Bearer ${key}` } };
}

test('a recording says who started, stopped and shared it, by person and by key, and the log who deleted it', async () => {
  const room = randomUUID();
  const guest = await joinRoom(livekit, room, 'guest');
  const ann = await personCalls('Ann 💥\0');
  const key = await keyCalls('nightly');
  const json = { room, identity: 'guest' };
  const headers = { ...key.headers, 'idempotency-key': randomUUID() };
  const started = recordingSchema.parse(await (await callRoute(recordingsRoute.POST, { headers, json })).json());
  await callRoute(recordingsRoute.POST, { headers, json });
  const params = { id: started.id };
  const made = await callRoute(sharesRoute.POST, { ...ann, params, json: { label: 'for the board' } });
  const share = createdShareSchema.parse(await made.json());
  await callRoute(shareRoute.DELETE, { ...ann, method: 'DELETE', params: { id: share.id } });
  expect((await callRoute(stopRoute.POST, { ...ann, method: 'POST', params })).status).toBe(200);
  await guest.leave();

  const history = await callRoute(historyRoute.GET, { params });
  const told = [
    'recording.started, api-key nightly',
    'share.created, user Ann 💥\0, for the board',
    'share.revoked, user Ann 💥\0, for the board',
    'recording.stopped, user Ann 💥\0',
  ];
  expect(historySchema.parse(await history.json()).actions.map(said)).toEqual(told);

  expect((await callRoute(recordingRoute.DELETE, { method: 'DELETE', params })).status).toBe(204);
  const { items } = await list();
  expect(items.map(said)).toEqual(['recording.deleted, api-key ADMIN_API_KEY', ...told.toReversed()]);
  expect(items.map(({ recordingId }) => recordingId)).toEqual(Array(5).fill(started.id));
  expect(items.at(-1)?.actor.id).toBe(key.id);
  expect(JSON.stringify(items)).not.toContain(share.url.slice(share.url.lastIndexOf('/') + 1));
});

test('what is refused, or changes nothing that is there, is not noted', async () => {
  const id = await newRecording();
  expect((await callRoute(recordingRoute.DELETE, { method: 'DELETE', params: { id } })).status).toBe(409);
  expect((await callRoute(stopRoute.POST, { method: 'POST', params: { id: randomUUID() } })).status).toBe(404);
  expect((await callRoute(rulesRoute.POST, { json: {} })).status).toBe(400);
  const answer = await callRoute(bulkDeleteRoute.POST, { json: { ids: [id, randomUUID()] } });
  expect(answer.status).toBe(200);
  expect((await list()).items).toEqual([]);
});

test('rules and keys are noted by their names, and no key is in it; who is gone is still named', async () => {
  const ann = await personCalls('Ann');
  const json = { name: 'all', roomPattern: '*', identityPattern: '*', enabled: false };
  const rule = ruleSchema.parse(await (await callRoute(rulesRoute.POST, { ...ann, json })).json());
  const params = { id: rule.id };
  await callRoute(ruleRoute.PATCH, { ...ann, method: 'PATCH', params, json: { name: 'every one' } });
  await callRoute(ruleRoute.DELETE, { ...ann, method: 'DELETE', params });
  const made = await callRoute(apiKeysRoute.POST, { json: { name: 'CI', scopes, expiresIn: null } });
  const { id, key } = createdApiKeySchema.parse(await made.json());
  await callRoute(apiKeyRoute.DELETE, { method: 'DELETE', params: { id } });
  await control.database.sql`delete from users`;
  const { items } = await list();
  expect(items.map(said)).toEqual([
    'api-key.revoked, api-key ADMIN_API_KEY, CI',
    'api-key.created, api-key ADMIN_API_KEY, CI',
    'rule.deleted, user Ann',
    'rule.changed, user Ann, every one',
    'rule.created, user Ann, all',
  ]);
  expect(JSON.stringify(items)).not.toContain(key.slice(4));
});

test('the log is read page by page, newest first, and forgotten after a year', async () => {
  for (let turn = 0; turn < 5; turn++) {
    await callRoute(stopRoute.POST, { method: 'POST', params: { id: await newRecording() } });
  }
  const all = (await list()).items;
  expect(all).toHaveLength(5);
  const pages: Action[] = [];
  for (let query: string | null = '?limit=2'; query !== null; ) {
    const { items, nextCursor }: Awaited<ReturnType<typeof list>> = await list(query);
    pages.push(...items);
    query = nextCursor === null ? null : `?limit=2&cursor=${nextCursor}`;
  }
  expect(pages).toEqual(all);
  expect((await callRoute(actionsRoute.GET, { path: '/api/v1/actions?cursor=x' })).status).toBe(400);
  await control.database
    .sql`update actions set at = now() - interval '366 days' where recording_id = ${all[0]?.recordingId}`;
  await forgetOldRows(control.database.db);
  expect((await list()).items).toEqual(all.slice(1));
});

test('every route that changes something notes it', () => {
  const sources = import.meta.glob<string>('../api/**/route.ts', { eager: true, query: '?raw', import: 'default' });
  const silent = Object.entries(sources).flatMap(([file, source]) => {
    const changes = source.match(/^export const (POST|PATCH|DELETE) = handle\(/gm) ?? [];
    const notes = source.match(/^ *(note: |await noteActions\()/gm) ?? [];
    return notes.length < changes.length ? [file.replace('../api', '').replace('/route.ts', '')] : [];
  });
  expect(silent.sort()).toEqual([
    // Machines, each with a log of its own, and signing in and out, which sessions tell.
    '/livekit/webhook',
    '/recorder/reports',
    '/sign-in',
    '/sign-out',
    '/v1/account/sessions',
    '/v1/account/sessions/[id]',
    // Nothing stays of these.
    '/v1/checks/livekit',
    '/v1/checks/storage',
    '/v1/demo-participants',
    '/v1/rooms/[room]/join-token',
    '/v1/rooms/[room]/viewer-token',
    '/v1/rules/test',
    // In the log of deliveries.
    '/v1/webhooks/[id]/deliveries/[delivery]/resend',
    '/v1/webhooks/[id]/test',
  ]);
});
