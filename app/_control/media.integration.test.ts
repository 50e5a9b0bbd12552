/** What can be fetched of a recording: finished, growing. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import * as mediaRoute from '../api/v1/recordings/[id]/media/route.ts';
import * as recordingRoute from '../api/v1/recordings/[id]/route.ts';
import { beginRecording } from './begin-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { getRecording } from './get-recording.ts';
import { fileName } from './media/serve-media.ts';

import { type Call, callRoute } from './testing/call-route.ts';
import { reportOf, segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';

let control: TestControl;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());

let task: RecordTask;
beforeEach(async () => {
  await beginRecording(control.database.db, wishOf({ room: `../"${randomUUID()}"\r\n`, identity: 'ünï 💥' }));
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

  test('is followed by what came since, whose newest number ends the ETag', async () => {
    await store(1, 2, 3);
    const since = (from: number) => {
      const query = { medium: 'camera', attempt: task.attemptId, part: '1', from: String(from) };
      return get({ path: `/?${new URLSearchParams(query)}` });
    };
    const newer = await since(2);
    expect(newer.headers.get('etag')).toMatch(/-3"$/);
    expect(String(await bytesOf(newer))).toBe(`${'2h'.repeat(5)}${rest(2)}${rest(3)}`);
    expect((await since(4)).status).toBe(404);
    await store(4);
    expect((await since(4)).headers.get('etag')).toMatch(/-4"$/);
    await store(7);
    expect((await since(6)).status, 'the one before it is still on its way').toBe(404);
  });

  test('is appended to without another header, which would make a player wait for a keyframe', async () => {
    await store(1, 2, 3);
    const appended = (sequence: number) => {
      const query = { medium: 'camera', attempt: task.attemptId, part: '1', after: String(sequence) };
      return get({ path: `/?${new URLSearchParams(query)}` });
    };
    const newer = await appended(1);
    expect(newer.headers.get('etag')).toMatch(/-3"$/);
    expect(String(await bytesOf(newer))).toBe(rest(2) + rest(3));
    await store(5);
    expect((await appended(3)).status, 'nothing yet').toBe(204);
    await store(4);
    expect(String(await bytesOf(await appended(3)))).toBe(rest(4) + rest(5));
    await finish(Buffer.from('finished'));
    expect((await appended(5)).status).toBe(204);
  });

  test('says where its times count from, when it begins later than the rest', async () => {
    await store(1);
    await report({ segments: [segmentOf(task, 2, { part: 2, startMicros: 5e6, endMicros: 9e6 })] });
    const { media } = await getRecording(control, task.recordingId);
    expect(media.map(({ startMs, zeroMs }) => [startMs, zeroMs])).toEqual([
      [0, 0],
      [5000, 0],
    ]);
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
