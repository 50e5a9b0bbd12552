/** The description of the API against what there is: routes, methods, real answers. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { beginRecording } from './begin-recording.ts';
import type { Handler } from './http/handle.ts';
import { type ApiMethod, apiMethods } from './openapi/document.ts';
import { describeApi } from './openapi.ts';
import { callRoute } from './testing/call-route.ts';
import { loadRoutes } from './testing/load-routes.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';

/** Not for programs that use the API: pages, recorders, LiveKit and cron jobs have these for themselves. */
const internal = [
  '/api/{unknown}',
  '/api/cron/reconcile',
  '/api/livekit/webhook',
  '/api/recorder/reports',
  '/api/set-up',
  '/api/sign-in',
  '/api/sign-out',
];

const { paths, components } = describeApi('http://recorder.test');
const documented = Object.entries(paths).flatMap(([path, described]) =>
  apiMethods.filter((method) => method in described).map((method) => `${method} ${path}`),
);

let control: TestControl;
let routes: Map<string, Record<string, Handler>>;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit: inject('livekit') });
  useControlPlane(control);
  routes = await loadRoutes();
});
afterAll(() => control.close());

test('every route and method is described, and nothing else', () => {
  const existing = [...routes].flatMap(([path, module]) =>
    apiMethods.filter((method) => method.toUpperCase() in module).map((method) => `${method} ${path}`),
  );
  expect(existing.length).toBeGreaterThan(40);
  const isInternal = (operation: string) => internal.includes(operation.split(' ')[1] ?? '');
  expect(documented.toSorted()).toEqual(existing.filter((operation) => !isInternal(operation)).toSorted());
  expect(internal.filter((path) => !routes.has(path))).toEqual([]);
});

test('each description can be read: a summary, a topic, its path parameters, an answer', () => {
  for (const [path, described] of Object.entries(paths)) {
    const named = (described.parameters ?? []).map(({ name }) => name);
    expect(named, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    for (const method of apiMethods) {
      const operation = described[method];
      if (!operation) continue;
      expect(operation.summary.length, `${method} ${path}`).toBeGreaterThan(5);
      expect(operation.tags, `${method} ${path}`).toHaveLength(1);
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        `${method} ${path}`,
      ).toBe(true);
    }
  }
});

/** As a program that knows the document alone would check it: a field that is not described is a failure. */
async function expectAsDescribed(path: string, method: ApiMethod, call: Parameters<typeof callRoute>[1]) {
  const handler = routes.get(path)?.[method.toUpperCase()];
  if (!handler) throw new Error(`There is no ${method} ${path}`);
  const response = await callRoute(handler, { method: method.toUpperCase(), ...call });
  const body: unknown = response.status === 204 ? undefined : await response.json();
  const described = paths[path]?.[method]?.responses[response.status];
  expect(described, `${method} ${path} answered ${response.status}: ${JSON.stringify(body)}`).toBeDefined();
  const content = described?.content?.['application/json'] ?? described?.content?.['application/problem+json'];
  if (!content?.schema) return body;
  const schema = '$ref' in content.schema ? components.schemas.Problem : content.schema;
  const parsed = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(body);
  expect(parsed.error?.issues ?? [], `${method} ${path}`).toEqual([]);
  return body;
}

test('real answers are what the document says', async () => {
  const { recording } = await beginRecording(control.database.db, wishOf({ room: 'described', identity: 'ann' }));
  const params = { id: recording.id };
  await expectAsDescribed('/api/v1/recordings', 'get', {});
  await expectAsDescribed('/api/v1/recordings/active', 'get', {});
  await expectAsDescribed('/api/v1/recordings/{id}', 'get', { params });
  await expectAsDescribed('/api/v1/recordings/{id}', 'delete', { params });
  await expectAsDescribed('/api/v1/recordings/{id}/shares', 'post', { params, json: {} });
  await expectAsDescribed('/api/v1/recordings/{id}/shares', 'get', { params });
  await expectAsDescribed('/api/v1/recordings', 'post', { json: { room: 'nobody', identity: 'nobody' } });
  await expectAsDescribed('/api/v1/recordings', 'post', { json: { rom: 'nobody' } });
  await expectAsDescribed('/api/v1/rules', 'post', { json: { name: 'a', roomPattern: '*', identityPattern: '*' } });
  await expectAsDescribed('/api/v1/rules', 'get', {});
  await expectAsDescribed('/api/v1/rooms', 'get', {});
  await expectAsDescribed('/api/v1/formats', 'get', {});
  await expectAsDescribed('/api/v1/users', 'get', {});
  await expectAsDescribed('/api/v1/actions', 'get', {});
  await expectAsDescribed('/api/v1/api-keys', 'get', {});
  await expectAsDescribed('/api/v1/workers', 'get', {});
  await expectAsDescribed('/api/v1/settings/retention', 'get', {});
  await expectAsDescribed('/api/v1/checks/storage', 'post', {});
  await expectAsDescribed('/api/v1/checks/livekit', 'post', {});
  const hook = await expectAsDescribed('/api/v1/webhooks', 'post', { json: { url: 'https://93.184.216.34/' } });
  await expectAsDescribed('/api/v1/webhooks', 'get', {});
  await expectAsDescribed('/api/v1/webhooks/{id}/deliveries', 'get', { params: { id: (hook as { id: string }).id } });
  await expectAsDescribed('/api/v1/recordings', 'get', { as: 'nobody' });
});
