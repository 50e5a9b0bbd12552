import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createSignInLink } from '../../db/create-sign-in-link.ts';
import * as healthRoute from '../api/health/route.ts';
import * as signInRoute from '../api/sign-in/route.ts';
import * as signOutRoute from '../api/sign-out/route.ts';
import * as eventsRoute from '../api/v1/events/route.ts';
import * as openapiRoute from '../api/v1/openapi.json/route.ts';
import * as recordingEventsRoute from '../api/v1/recordings/[id]/events/route.ts';
import * as recordingsRoute from '../api/v1/recordings/route.ts';
import * as ruleRoute from '../api/v1/rules/[id]/route.ts';
import * as rulesRoute from '../api/v1/rules/route.ts';
import { problemSchema, ruleSchema } from './api.ts';
import { beginRecording } from './begin-recording.ts';
import type { Handler } from './http/handle.ts';
import { callRoute, origin } from './testing/call-route.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';

type Methods = Partial<Record<'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', Handler>>;
const modules = import.meta.glob<Methods>('../{api,s}/**/route.ts', { eager: true });
const routes = Object.entries(modules).flatMap(([file, methods]) =>
  Object.entries(methods).map(([method, handler]) => ({
    route: file.replace('..', '').replace('/route.ts', ''),
    method,
    handler: handler as Handler,
  })),
);
let control: TestControl;
beforeAll(async () => {
  // LiveKit is down: nobody listens where it should be.
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());

async function expectProblem(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const text = await response.text();
  expect(text).not.toMatch(/node_modules|\.ts:\d+|at async|select |postgres:\/\//);
  const problem = problemSchema.parse(JSON.parse(text));
  expect(problem.status).toBe(status);
  expect(problem.detail).toMatch(/^[A-Z].*\.$/s);
  return problem;
}

async function signedIn(): Promise<string> {
  const token = await createSignInLink(control.database.url);
  const response = await callRoute(signInRoute.POST, { as: 'nobody', headers: { origin }, json: { token } });
  expect(response.status).toBe(200);
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

test('there are routes to look at', () => {
  expect(routes.length).toBeGreaterThan(30);
});

test.each(routes)('$method $route answers with the security headers', async ({ handler, method }) => {
  const { headers } = await callRoute(handler, { as: 'nobody', method });
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test.each(routes.filter(({ route }) => /\[id\]/.test(route)))(
  '$method $route of an id that does not exist is 404',
  async ({ handler, method }) => {
    for (const id of [randomUUID(), 'none', '../../etc/passwd', '1 or 1=1', '\0', '💥', 'x'.repeat(4096)]) {
      const json = method === 'POST' || method === 'PATCH' ? {} : undefined;
      await expectProblem(await callRoute(handler, { method, params: { id }, json }), 404);
    }
  },
);

test('whoever asks for the health, and however often, the parts are asked once', async () => {
  const listRooms = vi.spyOn(control.livekit, 'listRooms');
  const answers = await Promise.all(Array.from({ length: 20 }, () => callRoute(healthRoute.GET, { as: 'nobody' })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  // Twice, where the second passes on a slow machine.
  expect(listRooms.mock.calls.length).toBeLessThanOrEqual(2);
  listRooms.mockRestore();
});

test('HEAD of what never ends is answered and over: no stream is left behind', async () => {
  const { recording } = await beginRecording(control.database.db, wishOf({ room: randomUUID(), identity: 'ann' }));
  for (const [route, id] of [
    [eventsRoute, ''],
    [recordingEventsRoute, recording.id],
  ] as const) {
    // As Next.js answers HEAD of a route that has GET: by its handler, whose body it neither reads nor cancels.
    const response = await callRoute(route.GET, { method: 'HEAD', params: { id } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.body).toBeNull();
  }
  expect(control.streams.open).toBe(0);
});

describe('a signed-in person', () => {
  test('may do what the page of this site asks for, until signed out', async () => {
    const cookie = await signedIn();
    const create = () =>
      callRoute(rulesRoute.POST, {
        as: 'nobody',
        headers: { cookie, origin },
        json: { name: 'all', roomPattern: '*', identityPattern: '*', enabled: false },
      });
    expect((await create()).status).toBe(201);
    const out = await callRoute(signOutRoute.POST, { as: 'nobody', method: 'POST', headers: { cookie, origin } });
    expect(out.status).toBe(204);
    await expectProblem(await create(), 401);
  });

  test('gets an HttpOnly, SameSite cookie for a link that works once', async () => {
    const token = await createSignInLink(control.database.url);
    const use = (headers: Record<string, string> = { origin }) =>
      callRoute(signInRoute.POST, { as: 'nobody', headers, json: { token } });
    await expectProblem(await use({ origin: 'https://evil.example' }), 403);
    const first = await use();
    expect(first.headers.get('set-cookie')).toMatch(
      /^recorder-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    );
    await expectProblem(await use(), 401);
    const stored = await control.database.sql`select token_hash from sign_in_links`;
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});

describe('what is sent wrongly', () => {
  const post = (body: BodyInit, contentType = 'application/json') =>
    callRoute(recordingsRoute.POST, { body, method: 'POST', headers: { 'content-type': contentType } });

  test.each(['', '{', 'null and void', '{"room":"a",}', '\u0000', '\ufeff{}x'])('the body %j is 400', async (body) => {
    await expectProblem(await post(body), 400);
  });

  test('a body that is not UTF-8 is 400', async () => {
    await expectProblem(await post(new Uint8Array([0x22, 0xff, 0xfe, 0x22])), 400);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', ''])('content type %j is 415', async (contentType) => {
    await expectProblem(await post('{"room":"a","identity":"b"}', contentType), 415);
  });

  test('a body over the limit is 413, also when its length is not said', async () => {
    const long = JSON.stringify({ room: 'x'.repeat(70_000), identity: 'y' });
    await expectProblem(await post(long), 413);
    const stream = new Blob([long]).stream();
    const request = new Request(`${origin}/`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { 'content-type': 'application/json', authorization: 'Bearer the key of the administrator' },
    } as RequestInit);
    await expectProblem(await recordingsRoute.POST(request), 413);
  });

  test.each([
    [{}, ['room', 'identity']],
    [{ room: 'a', identity: 'b', colour: 'red' }, ['colour']],
    [{ room: '', identity: 'b' }, ['room']],
    [{ room: 'a', identity: 'x'.repeat(4097) }, ['identity']],
    [{ room: 'a', identity: 'b', tracks: [] }, ['tracks']],
    [{ room: 'a', identity: 'b', tracks: ['camera', 'kitchen'] }, ['tracks.1']],
    [{ room: 1, identity: null }, ['room', 'identity']],
    [[], ['']],
    ['text', ['']],
    [{ room: 'a', identity: 'b', toString: 1, constructor: 1 }, ['toString', 'constructor']],
  ])('the start %j is 400 and names %j', async (json, paths) => {
    const problem = await expectProblem(await callRoute(recordingsRoute.POST, { json }), 400);
    expect(problem.fields?.map((field) => field.path)).toEqual(paths);
  });

  test.each(['?limit=0', '?limit=x', '?status=asleep', '?cursor=made-up', '?page=2', '?limit=1&limit=2'])(
    'the query %s is 400',
    async (query) => {
      await expectProblem(await callRoute(recordingsRoute.GET, { path: `/api/v1/recordings${query}` }), 400);
    },
  );

  test.each([
    { kinds: ['robot'] },
    { reconnectWindowMs: 300_001 },
    { metadata: { a: [] } },
    { retainDays: 0 },
    { id: randomUUID() },
  ])('a rule with %j is 400', async (change) => {
    const rule = { name: 'n', roomPattern: '*', identityPattern: '*', ...change };
    await expectProblem(await callRoute(rulesRoute.POST, { json: rule }), 400);
  });
});

test('a start while LiveKit is down is 503 with a sentence that names the setting', async () => {
  const problem = await expectProblem(
    await callRoute(recordingsRoute.POST, { json: { room: 'a', identity: 'b' } }),
    503,
  );
  expect(problem.detail).toMatch(/LiveKit at 127\.0\.0\.1:1 cannot be reached.*LIVEKIT_URL/);
});

test('an error nobody foresaw is 500 without details, and in the log', async () => {
  const { handle } = await import('./http/handle.ts');
  const broken = handle({
    access: 'known',
    run: async () => {
      throw new Error('the secret of the deep');
    },
  });
  const problem = await expectProblem(await callRoute(broken), 500);
  expect(JSON.stringify(problem)).not.toContain('secret');
  expect(control.logged.at(-1)).toContain('the secret of the deep');
});

test('a rule is created with its defaults, changed in part, listed and deleted', async () => {
  const created = await callRoute(rulesRoute.POST, {
    json: { name: 'n\0', roomPattern: '../*', identityPattern: '💥', metadata: { team: 'blue\0' } },
  });
  expect(created.status).toBe(201);
  const rule = ruleSchema.parse(await created.json());
  expect(rule).toMatchObject({
    name: 'n\0',
    enabled: true,
    kinds: ['standard'],
    metadata: { team: 'blue\0' },
    reconnectWindowMs: 30_000,
    retainDays: null,
  });
  const params = { id: rule.id };
  const changed = await callRoute(ruleRoute.PATCH, {
    method: 'PATCH',
    params,
    json: { enabled: false, retainDays: 3 },
  });
  expect(await changed.json()).toEqual({ ...rule, enabled: false, retainDays: 3 });
  const list = (await (await callRoute(rulesRoute.GET)).json()) as { items: unknown[] };
  expect(list.items).toContainEqual({ ...rule, enabled: false, retainDays: 3 });
  expect((await callRoute(ruleRoute.DELETE, { method: 'DELETE', params })).status).toBe(204);
  await expectProblem(await callRoute(ruleRoute.GET, { params }), 404);
});

test('pages of recordings hold each once, newest first, whatever is added meanwhile', async () => {
  const room = randomUUID();
  const begin = async (index: number) => {
    const { recording } = await beginRecording(control.database.db, wishOf({ room, identity: `participant ${index}` }));
    return recording.id;
  };
  const ids: string[] = [];
  for (let index = 0; index < 25; index++) ids.push(await begin(index));
  // As a burst gives them: many in one millisecond.
  await control.database.sql`update recordings set requested_at = now()::timestamptz(3) where room = ${room}`;
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ room, limit: '10', ...(cursor && { cursor }) });
    const page = (await (await callRoute(recordingsRoute.GET, { path: `/?${query}` })).json()) as {
      items: { id: string }[];
      nextCursor: string | null;
    };
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
    await begin(100 + seen.length);
  } while (cursor !== null);
  expect([...seen].sort()).toEqual([...ids].sort());
});

test('the description of the API names every path and method there is', async () => {
  const description = (await (await callRoute(openapiRoute.GET)).json()) as { paths: Record<string, object> };
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((key) => key !== 'parameters')
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  const hidden = [
    '/api/[...unknown]',
    '/api/set-up',
    '/api/sign-in',
    '/api/sign-out',
    '/api/livekit/webhook',
    '/api/recorder/reports',
    '/api/cron/reconcile',
  ];
  const existing = routes
    .filter(({ route, method }) => !hidden.includes(route) && !route.startsWith('/s/') && method !== 'HEAD')
    .map(({ route, method }) => `${method} ${route.replace(/\[(\w+)\]/g, '{$1}')}`);
  expect(described.sort()).toEqual(existing.sort());
});
