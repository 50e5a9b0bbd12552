/** Posters and storyboards from the recording that is ready to the routes, without a worker; and the history of a recording. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { PreviewOutcome, PreviewTask } from '../../recorder/contract/previews.ts';
import type { ReportReply } from '../../recorder/contract/report.ts';
import * as historyRoute from '../api/v1/recordings/[id]/history/route.ts';
import * as posterRoute from '../api/v1/recordings/[id]/poster/route.ts';
import * as recordingRoute from '../api/v1/recordings/[id]/route.ts';
import * as cuesRoute from '../api/v1/recordings/[id]/storyboard.vtt/route.ts';
import type { Recording } from './api.ts';
import { removeOnce } from './background.ts';
import { beginRecording } from './begin-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { type History, historySchema } from './history-api.ts';
import { statsOf, trackOf } from './testing/attempt-of.ts';
import { callRoute } from './testing/call-route.ts';
import { poolOf } from './testing/pool-of.ts';
import { segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';

let control: TestControl;
const pool = poolOf(() => control);
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(async () => {
  await control.database.sql`truncate recordings cascade`;
});

const sql: TestControl['database']['sql'] = (...args) => control.database.sql(...args);
const signal = new AbortController().signal;

async function begin() {
  await beginRecording(control.database.db, wishOf({ room: randomUUID(), identity: 'ann' }));
  return pool.claimRecord();
}

/** The id of a ready recording. */
async function ready(contentType = 'video/webm'): Promise<string> {
  const task = await begin();
  const tracks = [trackOf({ width: 640, height: 360 })];
  await pool.report(task, { captureAgeMs: 1, segments: [segmentOf(task, 1)], tracks });
  const media = [await pool.storeFinished(task, { contentType })];
  await pool.report(task, { state: 'ended', tracks, outcome: { kind: 'finished', stopReason: 'requested', media } });
  return task.recordingId;
}

/** A worker that is free for previews, and has this to tell of the last one. */
function exchange(of?: PreviewTask, outcome?: PreviewOutcome): Promise<ReportReply> {
  const done = of && outcome ? [{ recordingId: of.recordingId, turn: of.turn, outcome }] : [];
  const claim = { workerId: randomUUID(), freeSlots: 1, holds: [], waitMs: 0 };
  return exchangeReports(control, { claim, reports: [], previews: { isFree: true, done } }, signal);
}

async function claim(): Promise<PreviewTask> {
  const { preview } = await exchange();
  if (!preview) throw new Error('There was no preview to be made');
  return preview;
}

async function make(task: PreviewTask): Promise<PreviewOutcome> {
  const poster = { width: 960, height: 540, sizeBytes: 6 };
  const storyboard = { columns: 2, tiles: 3, tileWidth: 192, tileHeight: 108, intervalMs: 1500, sizeBytes: 10 };
  await control.store.put(`${task.objectPrefix}poster.jpg`, Buffer.from('poster'), { contentType: 'image/jpeg' });
  await control.store.put(`${task.objectPrefix}storyboard.jpg`, Buffer.from('storyboard'), {
    contentType: 'image/jpeg',
  });
  return { kind: 'made', poster, storyboard };
}

async function shown(id: string): Promise<Recording> {
  return (await callRoute(recordingRoute.GET, { params: { id } })).json() as Promise<Recording>;
}

const history = async (id: string): Promise<History> =>
  historySchema.parse(await (await callRoute(historyRoute.GET, { params: { id } })).json());
const rest = () => sql`update previews set available_at = now() - interval '1 second'`;
const failed: PreviewOutcome = { kind: 'failed', message: 'It cannot be decoded.' };

describe('previews', () => {
  test('of a ready recording are asked of a worker that is free for them, after everything else', async () => {
    const id = await ready();
    await begin().then((task) =>
      pool.report(task, { state: 'ended', outcome: { kind: 'absent', message: 'Nobody came.' } }),
    );
    await beginRecording(control.database.db, wishOf({ room: 'r', identity: 'bob' }));
    const busy = await exchange();
    expect(busy.tasks).toHaveLength(1);
    expect(busy.preview).toBeUndefined();
    expect(await claim()).toMatchObject({
      recordingId: id,
      turn: 1,
      objectPrefix: `recordings/${id}/previews/`,
      medium: 'camera',
      parts: [{ contentType: 'video/webm', startMs: 0, durationMs: 4000 }],
      size: { width: 640, height: 360 },
    });
    expect((await exchange()).preview).toBeUndefined();
  });

  test('are served, told to whoever watches, and outlive the clean-up', async () => {
    const id = await ready();
    const params = { id };
    expect(await shown(id)).toMatchObject({ posterUrl: null, storyboardUrl: null });
    expect((await callRoute(posterRoute.GET, { params })).status).toBe(404);
    const task = await claim();
    await exchange(task, await make(task));
    await sql`update attempts set ended_at = ended_at - interval '1 hour'`;
    await removeOnce(control);

    const { posterUrl, storyboardUrl } = await shown(id);
    expect(posterUrl).toMatch(new RegExp(`^/api/v1/recordings/${id}/poster\\?v=\\d+$`));
    expect(storyboardUrl).toContain('/storyboard.vtt?v=');
    const poster = await callRoute(posterRoute.GET, { params, path: posterUrl ?? '' });
    expect([poster.status, poster.headers.get('content-type'), await poster.text()]).toEqual([
      200,
      'image/jpeg',
      'poster',
    ]);
    const etag = poster.headers.get('etag') ?? '';
    expect((await callRoute(posterRoute.GET, { params, headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await callRoute(posterRoute.GET, { params, as: 'nobody' })).status).toBe(401);
    const cues = await callRoute(cuesRoute.GET, { params });
    expect(cues.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    expect((await cues.text()).replace(/v=\d+/g, 'v=1').split('\n\n')).toEqual([
      'WEBVTT',
      '00:00:00.000 --> 00:00:01.500\nstoryboard?v=1#xywh=0,0,192,108',
      '00:00:01.500 --> 00:00:03.000\nstoryboard?v=1#xywh=192,0,192,108',
      '00:00:03.000 --> 00:00:04.000\nstoryboard?v=1#xywh=0,108,192,108\n',
    ]);
    const ofLaterFile = await callRoute(cuesRoute.GET, { params, path: '/?fromMs=2000' });
    expect((await ofLaterFile.text()).replace(/v=\d+/g, 'v=1').split('\n\n')).toEqual([
      'WEBVTT',
      '00:00:00.000 --> 00:00:01.000\nstoryboard?v=1#xywh=192,0,192,108',
      '00:00:01.000 --> 00:00:02.000\nstoryboard?v=1#xywh=0,108,192,108\n',
    ]);
    const [event] = await sql<{ url: string }>`select data ->> 'posterUrl' as url from events order by id desc limit 1`;
    expect(event?.url).toBe(posterUrl);
  });

  test('that fail are tried three times, later each time, and then given up', async () => {
    const id = await ready();
    for (const turn of [1, 2, 3]) {
      const task = await claim();
      expect(task.turn).toBe(turn);
      await exchange(task, failed);
      expect((await exchange()).preview).toBeUndefined();
      await rest();
    }
    expect((await exchange()).preview).toBeUndefined();
    expect((await history(id)).previews).toEqual({ state: 'failed', message: 'It cannot be decoded.' });
    expect(await shown(id)).toMatchObject({ status: 'ready', posterUrl: null });
  });

  test('that the store keeps from being made are tried until it is back, later each time, within hours', async () => {
    const id = await ready();
    const waits: number[] = [];
    for (let failures = 0; failures < 15; failures++) {
      const task = await claim();
      expect(task.turn, 'it was no try').toBe(1);
      await exchange(task, { kind: 'failed', message: 'The store is away.', isStoreAway: true });
      const [row] = await sql<{ ms: number }>`
        select (extract(epoch from available_at - now()) * 1000)::float as ms from previews`;
      waits.push(Math.round((row?.ms ?? 0) / 60_000));
      await rest();
    }
    expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
    expect(waits.slice(-2)).toEqual([360, 360]);
    expect((await history(id)).previews).toEqual({ state: 'waiting', message: 'The store is away.' });
    const task = await claim();
    await exchange(task, await make(task));
    expect((await history(id)).previews?.state).toBe('ready');
  });

  test('whose worker dies are given to the next one, and what the dead one still says is not heeded', async () => {
    const id = await ready();
    const first = await claim();
    await rest();
    const second = await claim();
    await exchange(first, failed);
    expect((await history(id)).previews).toEqual({ state: 'waiting', message: null });
    await exchange(second, await make(second));
    expect((await history(id)).previews?.state).toBe('ready');
  });

  test('whose workers all die are given up', async () => {
    const id = await ready();
    for (let turn = 1; turn <= 3; turn++) {
      await claim();
      await rest();
    }
    expect((await exchange()).preview).toBeUndefined();
    expect((await history(id)).previews).toMatchObject({ state: 'failed' });
  });

  test('that are given back were no try, and come with the answer to whoever is free', async () => {
    await ready();
    expect((await exchange(await claim(), { kind: 'given-back' })).preview).toMatchObject({ turn: 1 });
  });

  test('go with their recording, also when they come after it', async () => {
    const id = await ready();
    const task = await claim();
    await callRoute(recordingRoute.DELETE, { method: 'DELETE', params: { id } });
    await exchange(task, await make(task));
    expect(await sql`select 1 from previews`).toEqual([]);
    await sql`update deleted_recordings set deleted_at = now() - interval '25 hours'`;
    await removeOnce(control);
    const keys: string[] = [];
    for await (const { key } of control.store.list(`recordings/${id}/`)) keys.push(key);
    expect(keys).toEqual([]);
  });

  test('are not made of sound', async () => {
    const id = await ready('audio/webm');
    expect((await exchange()).preview).toBeUndefined();
    expect((await history(id)).previews).toBeNull();
  });
});

describe('the history of a recording', () => {
  test('tells states, attempts, and rates between points that are seconds apart', async () => {
    const task = await begin();
    for (let second = 1; second <= 21; second++) {
      const tracks = [
        trackOf({
          sizeBytes: second * 250_000,
          frames: second * 30,
          packetsReceived: second * 99,
          packetsLost: second,
          roundTripMs: 20,
        }),
      ];
      const stats = statsOf({ durationMs: second * 1000, roundTripMs: 20 });
      const segments = second === 1 ? [segmentOf(task, 1)] : [];
      await pool.report(task, { captureAgeMs: second * 1000, stats, tracks, segments });
    }
    const told = await history(task.recordingId);
    expect(told.samples.map(({ atMs }) => atMs)).toEqual([5000, 10_000, 15_000, 20_000]);
    expect(told.samples[2]).toEqual({
      atMs: 15_000,
      bitrateBps: 2_000_000,
      framesPerSecond: 30,
      lostPercent: 1,
      repairedPercent: 0,
      roundTripMs: 20,
      jitterMs: null,
    });
    expect(told.attempts).toMatchObject([{ kind: 'record', state: 'recording', startMs: 0, outcome: null }]);
    expect(told.events.map(({ status }) => status)).toEqual(['requested', 'starting', 'recording']);
  });

  test('keeps at most 300 points, however long it is', async () => {
    const task = await begin();
    await pool.report(task, { captureAgeMs: 1, segments: [segmentOf(task, 1)] });
    const [attempt] = await sql<{ id: string }>`select id from attempts`;
    await sql`
      insert into samples select ${attempt?.id}, n * 5000, n, n, n, 0, 0, null, null from generate_series(1, 299) as n`;
    await sql`update attempts set stats = jsonb_set(stats, '{durationMs}', '1499000')`;
    const at = (durationMs: number) => pool.report(task, { stats: statsOf({ durationMs }) });
    await at(1_500_000);
    const kept = (await sql<{ at: number }>`select at_ms as at from samples order by at_ms`).map(({ at: ms }) => ms);
    expect(kept).toHaveLength(151);
    expect(kept.slice(0, 3)).toEqual([5000, 10_000, 20_000]);
    await at(1_505_000);
    expect(await sql`select 1 from samples`).toHaveLength(151);
  });
});
