/** The list of recordings in each order and by each filter, and what is done with several at once. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { participantKey } from '../../db/participant-key.ts';
import { recordingSorts } from '../../db/queries/recording-sorts.ts';
import { type NewRecordingRow, type RecordingRow, recordings } from '../../db/schema.ts';
import { oddNames } from '../../db/testing/odd-names.ts';
import { readZip } from '../../infra/tests/read-zip.ts';
import type { FinishedMedia } from '../../recorder/contract/media.ts';
import * as archiveRoute from '../api/v1/recordings/archive/route.ts';
import * as deleteRoute from '../api/v1/recordings/delete/route.ts';
import * as recordingsRoute from '../api/v1/recordings/route.ts';
import type { RecordingsPage } from './list-recordings.ts';
import type { DeletedRecording } from './recordings-api.ts';
import { callRoute } from './testing/call-route.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';

let control: TestControl;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(async () => {
  await control.database.sql`truncate recordings cascade`;
});

async function insert(...changes: Partial<NewRecordingRow>[]): Promise<RecordingRow[]> {
  const rows = changes.map((change): NewRecordingRow => {
    const { room = 'room', identity = 'ann' } = change;
    const usual = { room, identity, participantKey: participantKey(room, identity), status: 'ready' as const };
    return { ...usual, origin: 'api', wantedTracks: ['camera'], reconnectWindowMs: 0, ...change };
  });
  return control.database.db.insert(recordings).values(rows).returning();
}

async function list(query: Record<string, string>): Promise<RecordingsPage> {
  const response = await callRoute(recordingsRoute.GET, { path: `/?${new URLSearchParams(query)}` });
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json();
}

async function inPages(query: Record<string, string>): Promise<RecordingsPage['items']> {
  const items: RecordingsPage['items'] = [];
  let cursor: string | null = null;
  do {
    const page: RecordingsPage = await list({ ...query, ...(cursor && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

const rooms = async (query: Record<string, string>) => (await list(query)).items.map(({ room }) => room);

describe('the order', () => {
  const compare: Record<(typeof recordingSorts)[number], (one: RecordingRow, other: RecordingRow) => number> = {
    newest: (one, other) => other.requestedAt.getTime() - one.requestedAt.getTime() || (other.id < one.id ? -1 : 1),
    oldest: (one, other) => -compare.newest(one, other),
    longest: (one, other) => other.durationMs - one.durationMs || compare.newest(one, other),
    largest: (one, other) => other.sizeBytes - one.sizeBytes || compare.newest(one, other),
    room: (one, other) => {
      const [a, b] = [one.room.toLowerCase(), other.room.toLowerCase()];
      return a < b ? -1 : a > b ? 1 : compare.newest(one, other);
    },
  };

  test.each(recordingSorts)('%s is the same in pages as at once, without a hole or a repeat', async (sort) => {
    const some = <Value>(values: readonly Value[], index: number) => values[index % values.length] as Value;
    const rows = await insert(
      ...Array.from({ length: 40 }, (_, index) => ({
        room: some(['Beta', 'alpha', 'beta', 'gamma'], index * 7),
        requestedAt: new Date(1_700_000_000_000 + some([0, 1, 1, 5], index) * 1000),
        durationMs: some([0, 0, 500, 70_000], index * 3),
        sizeBytes: some([1, 2, 2, 3e12], index * 5),
      })),
    );
    const expected = rows.sort(compare[sort]).map(({ id }) => id);
    expect((await inPages({ sort, limit: '3' })).map(({ id }) => id)).toEqual(expected);
  });

  test('by room goes on after any name, however long or odd', async () => {
    const names = [...oddNames, '💥'.repeat(2000), 'x'.repeat(4096), 'İ'];
    await insert(...names.map((room) => ({ room })));
    const found = await inPages({ sort: 'room', limit: '1' });
    expect(found.map(({ room }) => room).sort()).toEqual([...names].sort());
  });

  test('a cursor is good for its own order only', async () => {
    await insert({}, {}, {});
    const { nextCursor } = await list({ sort: 'largest', limit: '1' });
    for (const sort of ['longest', 'room', 'newest']) {
      const path = `/?${new URLSearchParams({ sort, cursor: nextCursor ?? '' })}`;
      expect((await callRoute(recordingsRoute.GET, { path })).status).toBe(400);
    }
  });
});

describe('a filter', () => {
  test('by origin, rule and time takes what it says, and all of them together', async () => {
    const ruleId = randomUUID();
    const at = (time: string) => new Date(`2026-03-${time}Z`);
    await insert(
      { room: 'a', origin: 'rule', ruleId, requestedAt: at('01T10:00:00') },
      { room: 'b', origin: 'rule', ruleId: randomUUID(), requestedAt: at('02T10:00:00') },
      { room: 'c', origin: 'user', requestedAt: at('03T10:00:00') },
    );
    expect(await rooms({ origin: 'rule' })).toEqual(['b', 'a']);
    expect(await rooms({ ruleId })).toEqual(['a']);
    expect(await rooms({ from: '2026-03-02T10:00:00Z' })).toEqual(['c', 'b']);
    expect(await rooms({ to: '2026-03-02T11:00:00+01:00' })).toEqual(['a']);
    expect(await rooms({ origin: 'rule', from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' })).toEqual(['b']);
  });

  test.each(['?origin=nobody', '?ruleId=x', '?from=yesterday', '?to=2026-13-01T00:00:00Z', '?sort=best', '?q=a&q=b'])(
    '%s is refused',
    async (path) => {
      expect((await callRoute(recordingsRoute.GET, { path: `/${path}` })).status).toBe(400);
    },
  );

  test('a search of one or two characters finds how a name or a word in it begins, a longer one any part', async () => {
    await insert({ room: 'Daily 5_0', identity: 'x' }, { room: 'Upstairs', identity: 'Daphne' });
    expect(await rooms({ q: 'da', sort: 'room' })).toEqual(['Daily 5_0', 'Upstairs']);
    expect(await rooms({ q: 'st' })).toEqual([]);
    expect(await rooms({ q: 'sta' })).toEqual(['Upstairs']);
    expect(await rooms({ q: '5_' })).toEqual(['Daily 5_0']);
    expect(await rooms({ q: '%' })).toEqual([]);
  });
});

/** A recording with these finished files in the store. */
async function stored(change: Partial<NewRecordingRow>, ...contents: { medium: 'camera' | 'screen'; bytes: Buffer }[]) {
  const id = randomUUID();
  const media: FinishedMedia[] = [];
  for (const [index, { medium, bytes }] of contents.entries()) {
    const key = `recordings/${id}/${index}.webm`;
    await control.store.put(key, bytes, { contentType: 'video/webm' });
    const sha256 = 'a'.repeat(64);
    media.push({ medium, key, contentType: 'video/webm', sizeBytes: bytes.length, sha256, durationMs: 1000 });
  }
  await insert({ id, media, ...change });
  return id;
}

const archive = (ids: readonly string[]) => callRoute(archiveRoute.GET, { path: `/?ids=${ids.join(',')}` });

describe('an archive', () => {
  async function unpack(response: Response): Promise<Map<string, Buffer>> {
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    return readZip(bytes);
  }

  test('holds every file byte for byte, under names that are safe and different', async () => {
    const startedAt = new Date('2026-03-01T10:00:00Z');
    const [one, two, three] = [randomBytes(200_000), randomBytes(10), randomBytes(70_001)];
    const first = await stored(
      { room: '../Etc', identity: 'Ann', startedAt },
      { medium: 'camera', bytes: one },
      { medium: 'camera', bytes: two },
      { medium: 'screen', bytes: three },
    );
    const second = await stored({ room: '..etc\0', identity: 'ann', startedAt }, { medium: 'camera', bytes: two });
    const files = await unpack(await archive([first, second]));
    expect(Object.fromEntries(files)).toEqual({
      'Etc_Ann_2026-03-01-10-00-00.webm': one,
      'Etc_Ann_2026-03-01-10-00-00_part2.webm': two,
      'Etc_Ann_2026-03-01-10-00-00_screen.webm': three,
      'etc_ann_2026-03-01-10-00-00_2.webm': two,
    });
  });

  test('names what it could not take, and is 404 when that is everything', async () => {
    const bytes = randomBytes(5);
    const there = await stored({}, { medium: 'camera', bytes });
    const [nothing] = await insert({ status: 'absent' });
    const gone = randomUUID();
    const files = await unpack(await archive([there, nothing?.id ?? '', gone]));
    expect(files.size).toBe(2);
    expect(files.get('not-included.txt')?.toString()).toContain(`${nothing?.id}\n${gone}`);
    expect((await archive([gone])).status).toBe(404);
  });

  test('is cut short, not made shorter, when the store fails in the middle', async () => {
    const id = await stored({}, { medium: 'camera', bytes: randomBytes(1000) });
    await control.store.delete([`recordings/${id}/0.webm`]);
    await expect((await archive([id])).arrayBuffer()).rejects.toThrow();
  });

  test('reads no faster than it is read, and stops when the reader goes', async () => {
    const id = await stored({}, { medium: 'camera', bytes: randomBytes(2_000_000) });
    const { read } = control.store;
    let opened: Readable | undefined;
    control.store.read = async (...args) => {
      opened = await read.apply(control.store, args);
      return opened;
    };
    try {
      const reader = (await archive([id])).body?.getReader();
      for (let turn = 0; turn < 5; turn++) await reader?.read();
      expect(opened?.destroyed).toBe(false);
      await reader?.cancel();
      await expect.poll(() => opened?.destroyed).toBe(true);
    } finally {
      control.store.read = read;
    }
  });

  test('takes a bounded number of ids, and nothing that is no id', async () => {
    expect((await archive(Array.from({ length: 101 }, () => randomUUID()))).status).toBe(400);
    expect((await archive(['x'])).status).toBe(400);
  });
});

test('several are deleted at once, each with its own result', async () => {
  const ready = await stored({}, { medium: 'camera', bytes: randomBytes(5) });
  const [running] = await insert({ room: 'now', status: 'recording' });
  const gone = randomUUID();
  const response = await callRoute(deleteRoute.POST, { json: { ids: [ready, running?.id, gone] } });
  const { items }: { items: DeletedRecording[] } = await response.json();
  expect(items.map(({ id, outcome }) => [id, outcome])).toEqual([
    [ready, 'deleted'],
    [running?.id, 'not-over'],
    [gone, 'not-found'],
  ]);
  expect(items[1]?.detail).toMatch(/^This recording is not over yet/);
  expect(await rooms({})).toEqual(['now']);
  await control.tasks.settled();
  expect(await control.store.head(`recordings/${ready}/0.webm`)).toBeUndefined();
});
