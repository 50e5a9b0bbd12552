/** Server-sent events: what is told, in which order, and that nothing is lost or told twice. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { appendEvents } from '../../db/queries/append-events.ts';
import { findNewestEventId } from '../../db/queries/list-events.ts';
import { noteEndpointResult } from '../../db/queries/note-endpoint-result.ts';
import { upsertWorker } from '../../db/queries/upsert-worker.ts';
import { insertWebhookEndpoint } from '../../db/queries/write-webhook-endpoint.ts';
import * as eventsRoute from '../api/v1/events/route.ts';
import * as recordingEventsRoute from '../api/v1/recordings/[id]/events/route.ts';
import { liveEventSchemas } from './api.ts';
import { createApiKey } from './api-keys.ts';
import { beginRecording } from './begin-recording.ts';
import { stopRecording } from './command-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { startHealthFeed } from './live/health-feed.ts';
import { startRoomsFeed } from './live/rooms-feed.ts';
import { MAX_STREAMS } from './live/stream-slots.ts';
import { scopesOf } from './scopes.ts';
import { callRoute } from './testing/call-route.ts';
import { joinRoom } from './testing/join-room.ts';
import { reportOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';
import type { Upkeep } from './upkeep-api.ts';

let control: TestControl;
const livekit = inject('livekit');
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit });
  useControlPlane(control);
});
afterAll(() => control.close());

interface Told {
  id?: number;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it waits for
  data: any;
}

/** Reads a stream as EventSource does. */
class Listener {
  readonly told: Told[] = [];
  readonly #abort = new AbortController();
  #wake: (() => void) | undefined;
  ended = false;

  static async open(
    options: { lastEventId?: number | string; recordingId?: string; apiKey?: string } = {},
  ): Promise<Listener> {
    const listener = new Listener();
    const headers: Record<string, string> = {};
    if (options.lastEventId !== undefined) headers['last-event-id'] = String(options.lastEventId);
    if (options.apiKey !== undefined) headers.authorization = `Bearer ${options.apiKey}`;
    const response = await callRoute(options.recordingId ? recordingEventsRoute.GET : eventsRoute.GET, {
      headers,
      params: options.recordingId ? { id: options.recordingId } : {},
      signal: listener.#abort.signal,
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    void listener.#read(response);
    return listener;
  }

  async #read(response: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
    this.ended = true;
    this.#wake?.();
  }

  #take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const event = fields.get('event');
    if (!event) return;
    const id = fields.get('id');
    const data = JSON.parse(fields.get('data') ?? 'null');
    liveEventSchemas[event as keyof typeof liveEventSchemas].parse(data);
    this.told.push({ id: id === undefined ? undefined : Number(id), event, data });
    this.#wake?.();
  }

  async until(holds: (told: readonly Told[]) => boolean): Promise<readonly Told[]> {
    while (!holds(this.told)) {
      if (this.ended) throw new Error('The stream ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.told;
  }

  close(): void {
    this.#abort.abort();
  }
}

async function begin(room: string = randomUUID()) {
  const { recording } = await beginRecording(control.database.db, wishOf({ room, identity: 'ann' }));
  return recording;
}

const has = (id: string, status: string) => (told: readonly Told[]) =>
  told.some((one) => one.event === 'recording.updated' && one.data.id === id && one.data.status === status);
const ids = (told: readonly Told[]) => told.flatMap(({ id }) => (id === undefined ? [] : [id]));

test('what happens to a recording is told at once, with growing ids', async () => {
  const listener = await Listener.open();
  const recording = await begin();
  await listener.until(has(recording.id, 'requested'));
  await stopRecording(control, recording.id);
  const told = await listener.until(has(recording.id, 'failed'));
  expect(ids(told)).toEqual([...ids(told)].sort((a, b) => a - b));
  listener.close();
});

test('a listener that comes back with its last id gets exactly what it missed', async () => {
  const startId = await findNewestEventId(control.database.db);
  const watcher = await Listener.open({ lastEventId: startId });
  const first = await begin();
  const seen = await watcher.until(has(first.id, 'requested'));
  watcher.close();
  const lastId = ids(seen).at(-1) ?? 0;
  const missed = [await begin(), await begin(), await begin()];
  const back = await Listener.open({ lastEventId: lastId });
  const later = await begin();
  const told = await back.until(has(later.id, 'requested'));
  const recordings = told.filter((one) => one.event === 'recording.updated').map((one) => one.data.id);
  expect(recordings).toEqual([...missed, later].map((recording) => recording.id));
  back.close();
});

test('nothing is lost or told twice while many write and listeners come and go', async () => {
  const startId = await findNewestEventId(control.database.db);
  const recordingId = randomUUID();
  let writing = true;
  const write = async (writer: number) => {
    for (let index = 0; index < 40; index++) {
      await control.database.db.transaction((db) =>
        appendEvents(db, [{ recordingId, type: 'recording.deleted', data: { id: recordingId, writer, index } }]),
      );
    }
  };
  const writers = Promise.all([1, 2, 3, 4].map(write)).then(() => {
    writing = false;
  });
  const seen: number[] = [];
  let lastEventId = startId;
  while (seen.length < 160) {
    const listener = await Listener.open({ lastEventId });
    const wanted = writing ? 7 : 160 - seen.length;
    const told = await listener.until((all) => ids(all).length >= Math.min(wanted, 160 - seen.length));
    listener.close();
    seen.push(...ids(told));
    lastEventId = seen.at(-1) ?? startId;
  }
  await writers;
  const all = await control.database.sql<{ id: string }>`select id from events where id > ${startId} order by id`;
  expect(seen).toEqual(all.map(({ id }) => Number(id)));
});

test('a transaction that goes on holds up nobody, and whoever commits first is told first', async () => {
  const startId = await findNewestEventId(control.database.db);
  const [slow, quick] = [randomUUID(), randomUUID()];
  const event = (recordingId: string) => ({
    recordingId,
    type: 'recording.deleted' as const,
    data: { id: recordingId },
  });
  await control.database.db.transaction(async (db) => {
    await appendEvents(db, [event(slow), event(slow)]);
    await control.database.db.transaction((other) => appendEvents(other, [event(quick)]));
  });
  const listener = await Listener.open({ lastEventId: startId });
  const told = await listener.until((all) => all.filter(({ data }) => data.id === slow).length === 2);
  const own = told.filter(({ data }) => data.id === slow || data.id === quick);
  expect(own.map(({ data }) => data.id)).toEqual([quick, slow, slow]);
  listener.close();
});

test.each(['none', '-1', '1e99', '99999999999999', '1; drop table events'])(
  'the last id %j begins anew',
  async (lastEventId) => {
    const recent = await begin();
    const listener = await Listener.open({ lastEventId });
    await listener.until(has(recent.id, 'requested'));
    listener.close();
  },
);

test('who connects for the first time gets the newest of what just changed, once per recording', async () => {
  const recording = await begin();
  await stopRecording(control, recording.id);
  const listener = await Listener.open();
  const told = await listener.until(has(recording.id, 'failed'));
  expect(told.filter((one) => one.data.id === recording.id)).toHaveLength(1);
  listener.close();
});

test('live figures are told without an id, and only to who watches that recording', async () => {
  const [one, other] = [await begin(), await begin()];
  const claim = { workerId: randomUUID(), freeSlots: 100, holds: [], waitMs: 0 };
  const { tasks } = await exchangeReports(control, { claim, reports: [] }, new AbortController().signal);
  const listener = await Listener.open({ recordingId: one.id });
  await listener.until(has(one.id, 'starting'));
  const reports = tasks
    .filter((task) => [one.id, other.id].includes(task.recordingId))
    .map((task) => reportOf(task, { state: 'starting' }));
  await exchangeReports(control, { reports }, new AbortController().signal);
  const told = await listener.until((all) => all.some(({ event }) => event === 'recording.stats'));
  expect(told.filter(({ event }) => event === 'recording.stats')).toEqual([
    {
      id: undefined,
      event: 'recording.stats',
      data: { id: one.id, stats: expect.objectContaining({ framesPerSecond: 30 }) },
    },
  ]);
  expect(told.every(({ event, data }) => event !== 'rooms.updated' && data.id === one.id)).toBe(true);
  listener.close();
});

test('which parts are up is told first, and again when a worker came', async () => {
  const feed = startHealthFeed(control, 50);
  const listener = await Listener.open();
  const worker = (told: readonly Told[]) =>
    told.filter(({ event }) => event === 'health.updated').at(-1)?.data.parts.worker.status;
  await listener.until((told) => worker(told) === 'down');
  await upsertWorker(control.database.db, { id: randomUUID(), freeSlots: 3 });
  await listener.until((told) => worker(told) === 'up');
  listener.close();
  feed.stop();
});

test('what should be put right is told to admins, and again when it is', async () => {
  const feed = startHealthFeed(control, 50);
  const { key: operatorKey } = await createApiKey(
    control,
    { name: 'operator', scopes: scopesOf('operator'), expiresIn: null },
    null,
  );
  const operator = await Listener.open({ apiKey: operatorKey });
  const admin = await Listener.open();
  const webhooks = (told: readonly Told[]) =>
    told
      .filter(({ event }) => event === 'upkeep.updated')
      .at(-1)
      ?.data.webhooks.map(({ host }: Upkeep['webhooks'][number]) => host);
  await admin.until((told) => webhooks(told)?.length === 0);
  const { id } = await insertWebhookEndpoint(control.database.db, {
    url: 'https://hooks.test/a-secret-path',
    events: ['recording.ready'],
    enabled: true,
    secretSeed: 'seed',
  });
  await control.database.sql`update webhook_endpoints set failing_since = now() - interval '2 minutes'`;
  const told = await admin.until((all) => webhooks(all)?.[0] === 'hooks.test');
  expect(JSON.stringify(told)).not.toContain('a-secret-path');
  await noteEndpointResult(control.database.db, id, true);
  await admin.until((all) => webhooks(all)?.length === 0);
  await upsertWorker(control.database.db, { id: randomUUID(), freeSlots: 7 });
  await operator.until((all) =>
    JSON.stringify(all.filter(({ event }) => event === 'health.updated').at(-1)).includes('more'),
  );
  expect(operator.told.filter(({ event }) => event === 'upkeep.updated')).toEqual([]);
  for (const listener of [admin, operator]) listener.close();
  feed.stop();
});

test('rooms are told first, and again when somebody joins, is recorded, and leaves', async () => {
  const feed = startRoomsFeed(control);
  const room = randomUUID();
  const listener = await Listener.open();
  const participant = (told: readonly Told[]) =>
    told
      .filter(({ event }) => event === 'rooms.updated')
      .at(-1)
      ?.data.rooms.find(({ name }: { name: string }) => name === room)?.participants[0];
  await listener.until((told) => told.some(({ event }) => event === 'rooms.updated'));
  const ann = await joinRoom(livekit, room, 'ann');
  await control.rooms.refresh();
  feed.changed();
  await listener.until((told) => participant(told)?.identity === 'ann');
  const recording = await begin(room);
  await listener.until((told) => participant(told)?.recordingId === recording.id);
  await ann.leave();
  while (
    (await control.rooms.refresh()).rooms.some(({ name, participants }) => name === room && participants.length > 0)
  );
  feed.changed();
  await listener.until((told) => participant(told) === undefined);
  listener.close();
  feed.stop();
});

test('listeners hear on after the database ended all connections', async () => {
  const listener = await Listener.open();
  const before = await begin();
  await listener.until(has(before.id, 'requested'));
  await control.database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  // Written by somebody else while nobody here could listen.
  const other = openDatabase(control.database.url, { maxConnections: 1 });
  await other.db.transaction((db) =>
    appendEvents(db, [{ recordingId: before.id, type: 'recording.deleted', data: { id: before.id } }]),
  );
  await other.close();
  await listener.until((told) => told.some(({ event }) => event === 'recording.deleted'));
  listener.close();
});

test('the events of a recording that does not exist are 404', async () => {
  const response = await callRoute(recordingEventsRoute.GET, { params: { id: randomUUID() } });
  expect(response.status).toBe(404);
});

test('streams are bounded in number, and one that ends makes room', async () => {
  const before = control.streams.open;
  const taken = Array.from({ length: MAX_STREAMS - before - 1 }, (_, index) => {
    const whose = `somebody ${index % 2}`;
    control.streams.take(whose);
    return whose;
  });
  expect(taken.every(Boolean)).toBe(true);
  const last = await Listener.open();
  const refused = await callRoute(eventsRoute.GET);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  last.close();
  const again = await Listener.open();
  again.close();
  for (const whose of taken) control.streams.giveBack(whose);
  expect(control.streams.open).toBe(before);
});
