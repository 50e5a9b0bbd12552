/** What can be fetched of a recording: finished, growing, shared. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import * as mediaRoute from '../api/v1/recordings/[id]/media/route.ts';
import * as recordingRoute from '../api/v1/recordings/[id]/route.ts';
import * as sharesRoute from '../api/v1/recordings/[id]/shares/route.ts';
import * as shareRoute from '../api/v1/shares/[id]/route.ts';
import * as shareMediaRoute from '../s/[token]/media/route.ts';
import { createdShareSchema } from './api.ts';
import { beginRecording } from './begin-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { getRecording } from './get-recording.ts';
import { fileName } from './media/serve-media.ts';
import { findSharedRecording } from './shares.ts';
import { type Call, callRoute } from './testing/call-route.ts';
import { reportOf, segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';

let control: TestControl;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());

let task: RecordTask;
beforeEach(async () => {
  await beginRecording(control.database.db, {
    room: `../"${randomUUID()}"\r\n`,
    identity: 'ünï 💥',
    origin: 'api',
    wantedTracks: ['camera'],
    reconnectWindowMs: 0,
  });
  const claim = { workerId: randomUUID(), freeSlots: 100, holds: [], waitMs: 0 };
  const reply = await exchangeReports(control, { claim, reports: [] }, new AbortController().signal);
  const claimed = reply.tasks.at(-1);
  if (claimed?.kind !== 'record') throw new Error('The recording was not handed out');
  task = claimed;
});

const report = (...[change]: [Parameters<typeof reportOf>[1]]) =>
  exchangeReports(control, { reports: [reportOf(task, change)] }, new AbortController().signal);

async function finish(bytes: Uint8Array): Promise<void> {
  const key = `${task.objectPrefix}camera.webm`;
  await control.store.put(key, bytes, { contentType: 'video/webm' });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const media = {
    medium: 'camera' as const,
    key,
    contentType: 'video/webm',
    sizeBytes: bytes.length,
    sha256,
    durationMs: 1,
  };
  await report({ state: 'ended', outcome: { kind: 'finished', stopReason: 'requested', media: [media] } });
}

/** Stores segments whose bytes say which one they are of: `1h…1b…`, `2h…2b…`. */
async function store(...sequences: number[]): Promise<void> {
  const segments = sequences.map((sequence) => segmentOf(task, sequence));
  for (const segment of segments) {
    const text = `${segment.sequence}h`.repeat(5) + `${segment.sequence}b`.repeat(45);
    await control.store.put(segment.key, Buffer.from(text), { contentType: 'video/webm' });
  }
  await report({ segments });
}

const get = (call: Call = {}) => callRoute(mediaRoute.GET, { params: { id: task.recordingId }, ...call });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('a finished recording', () => {
  const content = randomBytes(300_000);
  beforeEach(() => finish(content));

  test.each([
    ['bytes=0-', 0, 299_999],
    ['bytes=0-0', 0, 0],
    ['bytes=100-199', 100, 199],
    ['bytes=65535-65537', 65_535, 65_537],
    ['bytes=299999-', 299_999, 299_999],
    ['bytes=299999-400000', 299_999, 299_999],
    ['bytes=-1', 299_999, 299_999],
    ['bytes=-400000', 0, 299_999],
  ])('%s is 206 with exactly these bytes', async (range, from, to) => {
    const response = await get({ headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/300000`);
    expect(response.headers.get('content-length')).toBe(String(to - from + 1));
    expect(Buffer.compare(await bytesOf(response), content.subarray(from, to + 1))).toBe(0);
  });

  test.each([undefined, 'bytes=0-1,5-6', 'bytes=5-1', 'lines=1-2', 'bytes=x'])(
    'range %j is the whole file',
    async (range) => {
      const response = await get({ headers: range ? { range } : {} });
      expect(response.status).toBe(200);
      expect(response.headers.get('accept-ranges')).toBe('bytes');
      expect(response.headers.get('content-type')).toBe('video/webm');
      expect(Buffer.compare(await bytesOf(response), content)).toBe(0);
    },
  );

  test.each(['bytes=300000-', 'bytes=-0', 'bytes=999999999999-'])('%s is 416 and says the size', async (range) => {
    const response = await get({ headers: { range } });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */300000');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  test('If-Range gives the range for this version only, If-None-Match nothing for a copy', async () => {
    const etag = (await get({ method: 'HEAD' })).headers.get('etag') ?? '';
    const range = { range: 'bytes=0-9' };
    expect((await get({ headers: { ...range, 'if-range': etag } })).status).toBe(206);
    expect((await get({ headers: { ...range, 'if-range': '"other"' } })).status).toBe(200);
    expect((await get({ headers: { ...range, 'if-range': `W/${etag}` } })).status).toBe(200);
    expect((await get({ headers: { 'if-none-match': `"x", ${etag}` } })).status).toBe(304);
  });

  test('HEAD is the same without the bytes', async () => {
    const response = await callRoute(mediaRoute.HEAD, {
      method: 'HEAD',
      params: { id: task.recordingId },
      headers: { range: 'bytes=0-1' },
    });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '300000']);
    expect(await bytesOf(response)).toHaveLength(0);
  });

  test('a download has a plain ASCII name, whatever the room is called', async () => {
    const disposition = (await get({ path: '/?download=1', method: 'HEAD' })).headers.get('content-disposition');
    expect(disposition).toMatch(/^attachment; filename="[A-Za-z0-9-]+_uni_[0-9-]{19}\.webm"$/);
    expect((await get({ method: 'HEAD' })).headers.get('content-disposition')).toBeNull();
  });

  test('a medium that was not recorded is 404, one that there is not 400', async () => {
    expect((await get({ path: '/?medium=screen' })).status).toBe(404);
    expect((await get({ path: '/?medium=kitchen' })).status).toBe(400);
  });

  test('a reader that goes ends the reading of the store', async () => {
    const reader = (await get()).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  });

  test('an object that is gone breaks the answer off instead of ending it', async () => {
    await control.store.delete([`${task.objectPrefix}camera.webm`]);
    await expect(get().then(bytesOf)).rejects.toThrow();
  });

  test('deleting removes the objects and the rows, and tells who watches', async () => {
    const response = await callRoute(recordingRoute.DELETE, { method: 'DELETE', params: { id: task.recordingId } });
    expect(response.status).toBe(204);
    expect((await get()).status).toBe(404);
    const left = [];
    for await (const object of control.store.list(`recordings/${task.recordingId}/`)) left.push(object.key);
    expect(left).toEqual([]);
    const [event] = await control.database.sql`select type from events order by id desc limit 1`;
    expect(event).toEqual({ type: 'recording.deleted' });
  });
});

describe('a recording that still grows', () => {
  const first = `${'1h'.repeat(5)}${'1b'.repeat(45)}`;
  const rest = (sequence: number) => `${sequence}b`.repeat(45);

  test('is its first segment whole and the others without their header', async () => {
    await store(1, 2, 3);
    const response = await get();
    expect(response.headers.get('content-length')).toBe('280');
    expect(String(await bytesOf(response))).toBe(first + rest(2) + rest(3));
  });

  test('gives ranges over the borders of segments', async () => {
    await store(1, 2, 3);
    const whole = first + rest(2) + rest(3);
    for (const [from, to] of [
      [0, 279],
      [99, 100],
      [100, 189],
      [50, 250],
      [190, 190],
      [279, 279],
    ] as const) {
      const response = await get({ headers: { range: `bytes=${from}-${to}` } });
      expect(response.status).toBe(206);
      expect(String(await bytesOf(response)), `${from}-${to}`).toBe(whole.slice(from, to + 1));
    }
    expect((await get({ headers: { range: 'bytes=280-' } })).status).toBe(416);
  });

  test('ends before a segment that is not reported yet', async () => {
    await store(1, 2, 4);
    expect(String(await bytesOf(await get()))).toBe(first + rest(2));
  });

  test('keeps what a player was given, while it grows and after it was finished', async () => {
    await store(1, 2);
    const url = (await getRecording(control, task.recordingId)).mediaUrl ?? '';
    const etag = (await get({ path: url })).headers.get('etag');
    await store(3);
    expect((await getRecording(control, task.recordingId)).media[0]).toMatchObject({ sizeBytes: 280, finished: false });
    const again = await get({ path: url });
    expect([again.headers.get('etag'), String(await bytesOf(again))]).toEqual([etag, first + rest(2)]);
    expect((await get()).headers.get('etag')).not.toBe(etag);
    await finish(Buffer.from('finished'));
    expect(String(await bytesOf(await get({ path: url })))).toBe(first + rest(2));
    expect(String(await bytesOf(await get()))).toBe('finished');
  });

  test('is the longest part when tracks changed in between', async () => {
    await store(1);
    await report({ segments: [segmentOf(task, 2, { part: 2, startMicros: 2e6, endMicros: 9e6 })] });
    expect((await getRecording(control, task.recordingId)).mediaUrl).toContain('part=2');
    expect((await get({ path: '/?part=1' })).headers.get('content-length')).toBe('100');
  });

  test('is 404 while there is nothing yet', async () => {
    expect((await get()).status).toBe(404);
  });

  test('cannot be deleted before it is over', async () => {
    const response = await callRoute(recordingRoute.DELETE, { method: 'DELETE', params: { id: task.recordingId } });
    expect(response.status).toBe(409);
  });
});

describe('a share', () => {
  beforeEach(() => finish(Buffer.from('the recording')));

  async function share(json: object = {}) {
    const response = await callRoute(sharesRoute.POST, { params: { id: task.recordingId }, json });
    expect(response.status).toBe(201);
    const created = createdShareSchema.parse(await response.json());
    return { id: created.id, url: created.url, token: created.url.slice(created.url.lastIndexOf('/') + 1) };
  }

  const watch = (token: string, headers: Record<string, string> = {}, path = '/', method = 'GET') =>
    callRoute(shareMediaRoute.GET, { as: 'nobody', method, path, params: { token }, headers });

  test('plays for who is not signed in, with ranges, and is not kept by caches', async () => {
    const { url, token } = await share();
    expect(url).toMatch(/^http:\/\/recorder\.test\/s\/[\w-]{43}$/);
    const response = await watch(token, { range: 'bytes=4-6' });
    expect([response.status, String(await bytesOf(response))]).toEqual([206, 'rec']);
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('is kept as a hash only', async () => {
    const { token } = await share();
    expect(JSON.stringify(await control.database.sql`select * from shares`)).not.toContain(token);
    expect(control.logged.join('')).not.toContain(token);
  });

  test('unknown, revoked, expired, used up and of a deleted recording are one and the same 404', async () => {
    const revoked = await share();
    await callRoute(shareRoute.DELETE, { method: 'DELETE', params: { id: revoked.id } });
    const expired = await share();
    await control.database.sql`update shares set expires_at = now() where id = ${expired.id}`;
    const used = await share({ maxViews: 1 });
    await watch(used.token);
    const answers = await Promise.all(
      ['x'.repeat(43), '', '../..', '\0', revoked.token, expired.token, used.token].map(async (token) => {
        const response = await watch(token);
        const headers = [...response.headers].filter(([name]) => name !== 'date');
        return JSON.stringify([response.status, headers, await response.text()]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^\[404,/);
    for (const { token } of [revoked, expired, used]) expect(await findSharedRecording(control, token)).toBeUndefined();
  });

  test('revoking ends it with the next range, also for who watches', async () => {
    const { id, token } = await share();
    const cookie = (await watch(token, { range: 'bytes=0-3' })).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await watch(token, { range: 'bytes=4-6', cookie })).status).toBe(206);
    const revoked = await callRoute(shareRoute.DELETE, { method: 'DELETE', params: { id } });
    expect(await revoked.json()).toMatchObject({ id, revokedAt: expect.any(String) });
    expect((await watch(token, { range: 'bytes=7-9', cookie })).status).toBe(404);
  });

  test('counts a viewer once, however many ranges it takes, and HEAD not at all', async () => {
    const { token } = await share({ maxViews: 2 });
    expect((await watch(token, {}, '/', 'HEAD')).status).toBe(200);
    const first = await watch(token);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      new RegExp(`^recorder-viewer=[\\w.-]+; Path=/s/${token}; HttpOnly; SameSite=Lax; Max-Age=\\d+$`),
    );
    for (let index = 0; index < 5; index++) {
      expect((await watch(token, { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
    }
    const list = await callRoute(sharesRoute.GET, { params: { id: task.recordingId } });
    expect(await list.json()).toMatchObject({ items: [{ views: 1, maxViews: 2 }] });
    expect((await watch(token)).status).toBe(200);
    expect((await watch(token)).status).toBe(404);
    expect((await watch(token, { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
  });

  test('a viewer cookie that was made up, or is of another share, is none', async () => {
    const { token } = await share({ maxViews: 1 });
    const other = await share();
    const cookie = (await watch(other.token)).headers.get('set-cookie')?.split(';')[0] ?? '';
    await watch(token);
    for (const forged of [cookie, 'recorder-viewer=a.99999999999999.b', 'recorder-viewer=..', 'recorder-viewer=']) {
      expect((await watch(token, { cookie: forged })).status).toBe(404);
    }
  });

  test('ten viewers at once do not pass the maximum', async () => {
    const { token } = await share({ maxViews: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => watch(token)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(3);
  });

  test('is a download only when it was allowed', async () => {
    const closed = await share();
    expect((await watch(closed.token, {}, '/?download=1')).headers.get('content-disposition')).toBeNull();
    const free = await share({ allowDownload: true });
    expect((await watch(free.token, {}, '/?download=1')).headers.get('content-disposition')).toMatch(/^attachment/);
  });

  test('gives nothing but its own recording', async () => {
    const { token } = await share();
    const authorization = `Bearer ${token}`;
    const params = { id: task.recordingId };
    expect((await callRoute(mediaRoute.GET, { params, headers: { authorization } })).status).toBe(401);
    const cookie = (await watch(token)).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await callRoute(mediaRoute.GET, { as: 'nobody', params, headers: { cookie } })).status).toBe(401);
  });
});

test.each([
  ['room', 'ann', 'room_ann'],
  ['../../etc/passwd', '\r\nX: y', 'etc-passwd_X-y'],
  ['日本語', '\0', ''],
  ['x'.repeat(4096), 'y', `${'x'.repeat(40)}_y`],
])('the file of %j and %j has a name that is safe everywhere', (room, identity, name) => {
  const recording = { room, identity, startedAt: new Date(0), requestedAt: new Date(0) } as Parameters<
    typeof fileName
  >[0]['recording'];
  expect(fileName({ recording, extension: 'webm' })).toBe(`${name === '' ? '' : `${name}_`}1970-01-01-00-00-00.webm`);
});
