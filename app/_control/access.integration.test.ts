/**
 * Every route, tried by everybody: who gets in is one table (access-table.ts). The routes are those that the
 * file system has, so one that is new and not in the table fails here.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { hashSecretToken } from '../../db/secret-token.ts';
import { accessTable } from './access-table.ts';
import { createRuleRequestSchema, createShareRequestSchema } from './api.ts';
import { createApiKey, revokeApiKey } from './api-keys.ts';
import { beginRecording } from './begin-recording.ts';
import type { Handler } from './http/handle.ts';
import { createReportToken } from './report-token.ts';
import { type Role, roles } from './roles.ts';
import { createRule } from './rules.ts';
import { type Scope, scopes, scopesOf } from './scopes.ts';
import { openSession } from './sessions.ts';
import { createShare } from './shares.ts';
import { callRoute, origin } from './testing/call-route.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';
import { inviteUser, updateUser } from './users.ts';
import { createViewerPass } from './viewer-pass.ts';

const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;
const modules = import.meta.glob<Partial<Record<(typeof methods)[number], Handler>>>('../**/route.ts', { eager: true });
const routes = Object.entries(modules).flatMap(([file, module]) =>
  methods.flatMap((method) => {
    const handler = module[method];
    const path = file
      .replace('..', '')
      .replace(/\/\([^)]+\)/g, '')
      .replace('/route.ts', '');
    return handler ? [{ method, path, handler, entry: `${method === 'HEAD' ? 'GET' : method} ${path}` }] : [];
  }),
);
const isChange = (method: string) => method !== 'GET' && method !== 'HEAD';
const ruled = routes.flatMap((route) => {
  const needed = accessTable[route.entry];
  return typeof needed === 'string' ? [{ ...route, needed }] : [];
});
const withOwnRule = routes.flatMap((route) => {
  const rule = accessTable[route.entry];
  return typeof rule === 'object' ? [{ ...route, rule }] : [];
});

let control: TestControl;
/** A person of each role. */
const people = new Map<Role, string>();
/** By their names: what a request of theirs carries, and what they may; undefined: nobody knows them. */
let callers: Record<string, { headers: Record<string, string>; scopes: readonly Scope[] | undefined }>;

beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
  for (const role of roles) people.set(role, await newPerson(role));
  const disabled = await newPerson('admin');
  const disabledSession = await sessionOf(disabled);
  await updateUser(control, disabled, { disabled: true });
  const revoked = await createApiKey(control, { name: 'revoked', scopes, expiresIn: null }, null);
  await revokeApiKey(control, revoked.id);
  const expired = await createApiKey(control, { name: 'expired', scopes, expiresIn: null }, null);
  await control.database.sql`update api_keys set expires_at = now() where id = ${expired.id}`;
  const oldSession = await sessionOf(await newPerson('admin'));
  await control.database.sql`update sessions set expires_at = now() where token_hash = ${hashOf(oldSession)}`;
  const idleSession = await sessionOf(await newPerson('admin'));
  await control.database.sql`
    update sessions set seen_at = now() - interval '8 days' where token_hash = ${hashOf(idleSession)}`;
  const task = createReportToken(control.environment.appSecret, randomUUID(), 1);
  const shareToken = 'a'.repeat(43);
  callers = {
    anonymous: { headers: {}, scopes: undefined },
    'who made up a session': { headers: { cookie: 'recorder-session=x' }, scopes: undefined },
    'who made up a key': { headers: bearer(`rec_${'x'.repeat(43)}`), scopes: undefined },
    'who sends a password': { headers: { authorization: 'Basic YTpi' }, scopes: undefined },
    'a share holder': {
      headers: { ...bearer(shareToken), cookie: `recorder-viewer=${createViewerPass(control, randomUUID())}` },
      scopes: undefined,
    },
    'the task of another recording': { headers: bearer(task), scopes: undefined },
    'a worker': { headers: bearer(control.environment.workerToken), scopes: undefined },
    'an old session': { headers: { cookie: oldSession }, scopes: undefined },
    'an idle session': { headers: { cookie: idleSession }, scopes: undefined },
    'a disabled admin': { headers: { cookie: disabledSession }, scopes: undefined },
    'a revoked key': { headers: bearer(revoked.key), scopes: undefined },
    'an expired key': { headers: bearer(expired.key), scopes: undefined },
  };
  for (const given of [...scopes.map((scope) => [scope]), ...roles.map(scopesOf)]) {
    const { key } = await createApiKey(control, { name: 'key', scopes: given, expiresIn: 3_600_000 }, null);
    callers[`a key with ${given.join(' ')}`] = { headers: bearer(key), scopes: given };
  }
});
afterAll(() => control.close());

async function newPerson(role: Role): Promise<string> {
  const { user } = await inviteUser(control, { name: role, email: `${randomUUID()}@example.com`, role });
  return user.id;
}

async function sessionOf(userId: string | undefined): Promise<string> {
  const secret = await openSession(control.database.db, userId ?? null, { userAgent: '', address: '' });
  return `recorder-session=${secret}`;
}

function hashOf(cookie: string): string {
  return hashSecretToken(cookie.slice(cookie.indexOf('=') + 1));
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

interface Asked {
  handler: Handler;
  method: string;
}

/** With an empty object as body, and ids that name nothing. An answer that goes on is ended. */
async function statusOf({ handler, method }: Asked, headers: Record<string, string>): Promise<number> {
  const ended = new AbortController();
  const response = await callRoute(handler, {
    as: 'nobody',
    method,
    headers,
    json: isChange(method) ? {} : undefined,
    params: { id: randomUUID(), delivery: randomUUID(), room: 'none', token: 'b'.repeat(43) },
    signal: ended.signal,
  });
  ended.abort();
  await response.body?.cancel().catch(() => {});
  return response.status;
}

test('the table names every route there is, and no other', () => {
  expect([...new Set(routes.map(({ entry }) => entry))].sort()).toEqual(Object.keys(accessTable).sort());
});

describe.each(ruled)('$method $path is for $needed', (route) => {
  test('and for nobody else', async () => {
    for (const role of roles) {
      // A session of its own: signing out is one of the routes.
      callers[`a person of the role ${role}`] = {
        headers: { cookie: await sessionOf(people.get(role)), origin },
        scopes: scopesOf(role),
      };
    }
    const got: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const [name, { headers, scopes: has }] of Object.entries(callers)) {
      const status = await statusOf(route, headers);
      got[name] = status === 401 || status === 403 ? String(status) : 'in';
      const isIn = route.needed === 'known' || has?.includes(route.needed);
      wanted[name] = has === undefined ? '401' : isIn ? 'in' : '403';
    }
    expect(got).toEqual(wanted);
  });
});

test('a key that may not is told the scope that it lacks, also for programs to read', async () => {
  const headers = callers['a key with rules:read']?.headers ?? {};
  const rules = routes.find(({ entry }) => entry === 'POST /api/v1/rules');
  const response = await callRoute(rules?.handler as Handler, { as: 'nobody', method: 'POST', headers, json: {} });
  expect(response.status).toBe(403);
  expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="rules:write"');
  expect(((await response.json()) as { detail: string }).detail).toContain('"rules:write"');
});

test.each(withOwnRule)('$method $path asks for $rule.asksFor', async ({ rule, ...route }) => {
  const statuses = new Set<number>();
  for (const { headers } of Object.values(callers)) {
    statuses.add(await statusOf(route, { ...headers, origin }));
  }
  // A worker is let in, and told that there is nothing in what it sends.
  if (route.path === '/api/recorder/reports') statuses.delete(400);
  expect([...statuses]).toEqual([rule.status]);
});

describe.each(ruled.filter(({ method }) => isChange(method)))('$method $path', (route) => {
  test('asked for by a page of another site is 403', async () => {
    const cookie = await sessionOf(people.get('admin'));
    const elsewhere: Record<string, string>[] = [
      { cookie },
      { cookie, origin: 'https://evil.example' },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    ];
    for (const headers of elsewhere) expect(await statusOf(route, headers)).toBe(403);
  });

  test('takes JSON only', async () => {
    for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const response = await callRoute(route.handler, {
        method: route.method,
        headers: { 'content-type': contentType },
        body: '{}',
        params: { id: randomUUID(), delivery: randomUUID(), room: 'none' },
      });
      expect(response.status).toBe(415);
    }
  });
});

test('reading changes nothing but the views of a share, whatever is read', async () => {
  const { recording } = await beginRecording(control.database.db, wishOf({ room: 'r', identity: 'ann' }));
  const rule = await createRule(
    control,
    createRuleRequestSchema.parse({ name: 'all', roomPattern: '*', identityPattern: '*', enabled: false }),
  );
  const { url } = await createShare(control, recording.id, createShareRequestSchema.parse({}));
  const ids: Record<string, string | undefined> = {
    recordings: recording.id,
    rules: rule.id,
    users: people.get('admin'),
  };
  const params = (path: string) => ({
    id: ids[path.split('/')[3] ?? ''] ?? randomUUID(),
    token: url.slice(url.lastIndexOf('/') + 1),
    room: 'r',
  });
  const before = await everyRow();
  const reading = routes.filter(({ method }) => !isChange(method));
  expect(reading.length).toBeGreaterThan(30);
  for (const { handler, method, path } of reading) {
    const ended = new AbortController();
    const response = await callRoute(handler, { method, params: params(path), signal: ended.signal });
    ended.abort();
    await response.body?.cancel().catch(() => {});
    await control.tasks.settled();
    const after = await everyRow();
    if (path.startsWith('/s/')) before.shares = after.shares;
    expect(after, `${method} ${path}`).toEqual(before);
  }
});

/** A digest of each table. */
async function everyRow(): Promise<Record<string, unknown>> {
  const tables = await control.database.sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`;
  const digests: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await control.database.db.execute(
      sql`select md5(string_agg(row::text, '|' order by row::text)) from ${sql.identifier(name)} as row`,
    );
    digests[name] = rows[0]?.md5;
  }
  return digests;
}
