/** Lists in the order of creation, as who pages through them sees them. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import * as sharesRoute from '../api/v1/recordings/[id]/shares/route.ts';
import * as rulesRoute from '../api/v1/rules/route.ts';
import * as usersRoute from '../api/v1/users/route.ts';
import * as deliveriesRoute from '../api/v1/webhooks/[id]/deliveries/route.ts';
import { beginRecording } from './begin-recording.ts';
import type { Page } from './created-page.ts';
import type { Handler } from './http/handle.ts';
import { callRoute } from './testing/call-route.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';

let control: TestControl;
let recordingId: string;
let webhookId: string;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(async () => {
  const { sql, db } = control.database;
  await sql`truncate recordings, rules, users, webhook_endpoints cascade`;
  recordingId = (await beginRecording(db, wishOf({ room: 'pages', identity: 'ann' }))).recording.id;
  webhookId = randomUUID();
  await sql`insert into webhook_endpoints (id, url, events, secret_seed) values (${webhookId}, 'https://hooks.test/', '[]', 's')`;
});

interface List {
  route: Handler;
  newestFirst: boolean;
  params(): Record<string, string>;
  /** Some at the very same moment, and one some microseconds later. */
  add(id: string, afterMicros: number): Promise<unknown>;
  remove(id: string): Promise<unknown>;
}

const lists: [string, List][] = [
  [
    'rules',
    {
      route: rulesRoute.GET,
      newestFirst: false,
      params: () => ({}),
      add: (id, afterMicros) => control.database.sql`
        insert into rules (id, name, enabled, room_pattern, identity_pattern, kinds, tracks, reconnect_window_ms, created_at)
        values (${id}, 'a', true, '*', '*', '["standard"]', '["camera"]', 0, ${moment(afterMicros)}::timestamptz)`,
      remove: (id) => control.database.sql`delete from rules where id = ${id}`,
    },
  ],
  [
    'shares',
    {
      route: sharesRoute.GET,
      newestFirst: true,
      params: () => ({ id: recordingId }),
      add: (id, afterMicros) => control.database.sql`
        insert into shares (id, recording_id, token_hash, allow_download, created_at)
        values (${id}, ${recordingId}, ${id}, false, ${moment(afterMicros)}::timestamptz)`,
      remove: (id) => control.database.sql`delete from shares where id = ${id}`,
    },
  ],
  [
    'users',
    {
      route: usersRoute.GET,
      newestFirst: false,
      params: () => ({}),
      add: (id, afterMicros) => control.database.sql`
        insert into users (id, name, email, role, created_at)
        values (${id}, 'a', ${`${id}@x.test`}, 'viewer', ${moment(afterMicros)}::timestamptz)`,
      remove: (id) => control.database.sql`delete from users where id = ${id}`,
    },
  ],
  [
    'deliveries',
    {
      route: deliveriesRoute.GET,
      newestFirst: true,
      params: () => ({ id: webhookId }),
      // Their times are kept to the millisecond.
      add: (id, afterMicros) => control.database.sql`
        insert into webhook_deliveries (id, endpoint_id, type, payload, created_at)
        values (${id}, ${webhookId}, 'webhook.test', '{}', ${moment(afterMicros * 1000)}::timestamptz)`,
      remove: (id) => control.database.sql`delete from webhook_deliveries where id = ${id}`,
    },
  ],
];

function moment(afterMicros: number): string {
  return `2026-01-01T10:00:00.${String(123_456 + afterMicros).padStart(6, '0')}Z`;
}

async function page({ route, params }: List, query: Record<string, string>): Promise<Page<{ id: string }>> {
  const response = await callRoute(route, { path: `/?${new URLSearchParams(query)}`, params: params() });
  expect(response.status).toBe(200);
  return response.json();
}

test.each(lists)('%s come page by page, each once, also when their times are the same', async (_name, list) => {
  const ids = Array.from({ length: 7 }, () => randomUUID()).sort();
  for (const [index, id] of ids.entries()) await list.add(id, index < 5 ? 0 : index);
  if (list.newestFirst) ids.reverse();
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const answer = await page(list, { limit: '2', ...(cursor !== null && { cursor }) });
    expect(answer.items.length).toBeLessThanOrEqual(2);
    seen.push(...answer.items.map(({ id }) => id));
    cursor = answer.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(ids);
  expect(await page(list, {})).toMatchObject({ nextCursor: null, items: ids.map((id) => ({ id })) });
});

test.each(lists)('a page of %s ends where the next begins, also when that row was removed', async (_name, list) => {
  const ids = Array.from({ length: 4 }, () => randomUUID()).sort();
  for (const [index, id] of ids.entries()) await list.add(id, index);
  if (list.newestFirst) ids.reverse();
  const { nextCursor } = await page(list, { limit: '2' });
  await list.remove(ids[1] ?? '');
  const rest = await page(list, { limit: '2', cursor: nextCursor ?? '' });
  expect(rest).toMatchObject({ nextCursor: null, items: ids.slice(2).map((id) => ({ id })) });
});

test.each(lists)(
  '%s refuse a cursor of somebody else, and more than a page holds',
  async (_name, { route, params }) => {
    for (const query of ['cursor=made-up', 'limit=0', 'limit=201', 'page=2']) {
      expect((await callRoute(route, { path: `/?${query}`, params: params() })).status).toBe(400);
    }
  },
);
