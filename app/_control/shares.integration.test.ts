/** What the holder of a share link can have, and what not. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { findRecording } from '../../db/queries/find-recording.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import { openStore } from '../../storage/open-store.ts';
import * as oembedRoute from '../api/oembed/route.ts';
import * as mediaRoute from '../api/v1/recordings/[id]/media/route.ts';
import * as sharesRoute from '../api/v1/recordings/[id]/shares/route.ts';
import * as shareRoute from '../api/v1/shares/[id]/route.ts';
import * as shareMediaRoute from '../s/[token]/media/route.ts';
import * as viewsRoute from '../s/[token]/views/route.ts';
import { createdShareSchema, type Share } from './api.ts';
import { beginRecording } from './begin-recording.ts';
import type { Control } from './control.ts';
import { GUESSES_IN_ALL, GUESSES_PER_ADDRESS } from './limit-guesses.ts';
import { callRoute, origin } from './testing/call-route.ts';
import { poolOf } from './testing/pool-of.ts';
import { segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { findSharedRecording } from './view-share.ts';

let control: TestControl;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());

const pool = poolOf(() => control);
const wish = { origin: 'api' as const, wantedTracks: ['camera' as const], reconnectWindowMs: 0 };
let task: RecordTask;
beforeEach(async () => {
  await control.database.sql`truncate recordings, guesses cascade`;
  await beginRecording(control.database.db, { room: 'r', identity: 'ann', ...wish });
  task = await pool.claimRecord();
  const bytes = Buffer.from('the recording');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const media = await pool.storeFinished(task, { sizeBytes: bytes.length, sha256 });
  await control.store.put(media.key, bytes, { contentType: media.contentType });
  await pool.report(task, { state: 'ended', outcome: { kind: 'finished', stopReason: 'requested', media: [media] } });
});

async function share(json: object = {}) {
  const response = await callRoute(sharesRoute.POST, { params: { id: task.recordingId }, json });
  const text = await response.text();
  expect(response.status, text).toBe(201);
  const { url, ...created } = createdShareSchema.parse(JSON.parse(text));
  return { ...created, url, token: url.slice(url.lastIndexOf('/') + 1) };
}

async function listed(): Promise<Share[]> {
  const response = await callRoute(sharesRoute.GET, { params: { id: task.recordingId } });
  return ((await response.json()) as { items: Share[] }).items;
}

const revoke = (id: string) => callRoute(shareRoute.DELETE, { method: 'DELETE', params: { id } });
const watch = (token: string, headers: Record<string, string> = {}, path = '/', method = 'GET') =>
  callRoute(shareMediaRoute.GET, { as: 'nobody', method, path, params: { token }, headers });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

/** Begins to watch, as a page of ours does from this address. */
const open = (token: string, json: object = {}, headers: Record<string, string> = {}) =>
  callRoute(viewsRoute.POST, {
    as: 'nobody',
    params: { token },
    json,
    headers: { origin, 'x-forwarded-for': '203.0.113.7', ...headers },
  });

test('plays for who is not signed in, with ranges, and is not kept by caches', async () => {
  const { url, token } = await share();
  expect(url).toMatch(/^http:\/\/recorder\.test\/s\/[\w-]{43}$/);
  const response = await watch(token, { range: 'bytes=4-6' });
  expect([response.status, String(await bytesOf(response))]).toEqual([206, 'rec']);
  expect(response.headers.get('cache-control')).toContain('no-store');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
});

test('is kept as a hash only, and so is its password', async () => {
  const { token } = await share({ password: 'open sesame' });
  await open(token, { password: 'open sesame' });
  const rows = JSON.stringify(await control.database.sql`select * from shares, guesses`);
  expect(rows).toContain('$argon2id$');
  for (const secret of [token, 'open sesame', '203.0.113.7']) {
    expect(rows).not.toContain(secret);
    expect(control.logged.join('')).not.toContain(secret);
  }
  expect(JSON.stringify(await listed())).not.toMatch(/sesame|argon2id/);
});

test('unknown, revoked, expired, used up and of a deleted recording are one and the same 404', async () => {
  const revoked = await share();
  await revoke(revoked.id);
  const expired = await share();
  await control.database.sql`update shares set expires_at = now() where id = ${expired.id}`;
  const used = await share({ maxViews: 1 });
  await watch(used.token);
  const tokens = ['x'.repeat(43), '', '../..', '\0', 'y'.repeat(300), revoked.token, expired.token, used.token];
  const answerOf = async (response: Response) => {
    const headers = [...response.headers].filter(([name]) => name !== 'date');
    return JSON.stringify([response.status, headers, await response.text()]);
  };
  for (const ask of [
    (token: string) => watch(token),
    (token: string) => watch(token, {}, '/?download=1'),
    (token: string) => open(token, {}),
    (token: string) => open(token, { password: 'x' }),
  ]) {
    const answers = await Promise.all(tokens.map(async (token) => answerOf(await ask(token))));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^\[404,/);
  }
  for (const { token } of [revoked, expired, used]) expect(await findSharedRecording(control, token)).toBeUndefined();
  expect((await listed()).map(({ state }) => state)).toEqual(['used-up', 'expired', 'revoked']);
});

test('revoking ends it with the next range, also for who watches', async () => {
  const { id, token } = await share();
  const cookie = cookieOf(await watch(token, { range: 'bytes=0-3' }));
  expect((await watch(token, { range: 'bytes=4-6', cookie })).status).toBe(206);
  const revoked = await revoke(id);
  expect(await revoked.json()).toMatchObject({ id, state: 'revoked', revokedAt: expect.any(String) });
  expect((await watch(token, { range: 'bytes=7-9', cookie })).status).toBe(404);
});

describe('views', () => {
  test('count a viewer once, however many ranges it takes, and HEAD not at all', async () => {
    const { token } = await share({ maxViews: 2 });
    expect((await watch(token, {}, '/', 'HEAD')).status).toBe(200);
    expect(await listed()).toMatchObject([{ views: 0, lastViewedAt: null }]);
    const first = await watch(token);
    expect(first.headers.get('set-cookie')).toMatch(
      new RegExp(`^recorder-viewer=[\\w.-]+; Path=/s/${token}; HttpOnly; SameSite=Lax; Max-Age=\\d+$`),
    );
    const cookie = cookieOf(first);
    for (let index = 0; index < 5; index++) expect((await watch(token, { cookie })).status).toBe(200);
    expect(await listed()).toMatchObject([{ views: 1, maxViews: 2, lastViewedAt: expect.any(String) }]);
    expect((await watch(token)).status).toBe(200);
    expect((await watch(token)).status).toBe(404);
    expect((await watch(token, { cookie })).status).toBe(200);
  });

  test('in a frame, where there are no cookies, are told by what the address says', async () => {
    const { token } = await share({ maxViews: 1 });
    const { pass } = (await (await open(token)).json()) as { pass: string };
    for (let index = 0; index < 3; index++) expect((await watch(token, {}, `/?pass=${pass}`)).status).toBe(200);
    expect(await listed()).toMatchObject([{ views: 1, state: 'used-up' }]);
    expect((await open(token)).status).toBe(404);
  });

  test('need a cookie of this share that was not made up', async () => {
    const { token } = await share({ maxViews: 1 });
    const other = await share();
    const cookie = cookieOf(await watch(other.token));
    await watch(token);
    for (const forged of [cookie, 'recorder-viewer=a.99999999999999.b', 'recorder-viewer=..', 'recorder-viewer=']) {
      expect((await watch(token, { cookie: forged })).status).toBe(404);
    }
  });

  test('do not pass the maximum when ten come at once', async () => {
    const { token } = await share({ maxViews: 3 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => watch(token)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(3);
  });
});

test('a download is given only when it was allowed, and the refusal is no view', async () => {
  const closed = await share();
  expect((await watch(closed.token, {}, '/?download=1')).status).toBe(403);
  expect(await listed()).toMatchObject([{ views: 0 }]);
  const free = await share({ allowDownload: true });
  expect((await watch(free.token, {}, '/?download=1')).headers.get('content-disposition')).toMatch(/^attachment/);
});

describe('with a password', () => {
  test('nothing is shown or played before it was given, and everything after', async () => {
    const { token } = await share({ password: 'open sesame', maxViews: 1 });
    expect((await watch(token)).status).toBe(403);
    expect((await watch(token, {}, '/', 'HEAD')).status).toBe(403);
    expect(await findSharedRecording(control, token)).toMatchObject({ recording: undefined });
    expect((await open(token)).status).toBe(403);
    expect((await open(token, { password: 'Open sesame' })).status).toBe(403);
    expect(await listed()).toMatchObject([{ views: 0, hasPassword: true }]);

    const opened = await open(token, { password: 'open sesame' });
    expect(opened.status).toBe(201);
    expect((await watch(token, { cookie: cookieOf(opened) })).status).toBe(200);
    expect(await listed()).toMatchObject([{ views: 1 }]);
    expect((await watch(token)).status).toBe(404);
  });

  test('a form leads back to the page, which says what was wrong', async () => {
    const { token } = await share({ password: 'open sesame' });
    const send = (password: string) =>
      callRoute(viewsRoute.POST, {
        as: 'nobody',
        params: { token },
        body: new URLSearchParams({ password }),
        // As browsers send a form of a page without referrers.
        headers: {
          origin: 'null',
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
    const wrong = await send('x');
    expect([wrong.status, wrong.headers.get('location')]).toEqual([303, `/s/${token}?refused=forbidden`]);
    const right = await send('open sesame');
    expect([right.status, right.headers.get('location')]).toEqual([303, `/s/${token}`]);
    expect((await watch(token, { cookie: cookieOf(right) })).status).toBe(200);
  });

  test('a page of another site cannot guess for its visitors', async () => {
    const { token } = await share({ password: 'open sesame' });
    const elsewhere: Record<string, string>[] = [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ];
    for (const headers of elsewhere) {
      expect((await open(token, { password: 'open sesame' }, headers)).status).toBe(403);
    }
    expect(await listed()).toMatchObject([{ views: 0 }]);
  });

  test('guessing ends after some tries from an address, and others are not locked out', async () => {
    const { token } = await share({ password: 'open sesame' });
    const guesses = await Promise.all(
      Array.from({ length: GUESSES_PER_ADDRESS + 5 }, (_, index) => open(token, { password: `guess ${index}` })),
    );
    const statuses = guesses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(GUESSES_PER_ADDRESS);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect((await open(token, { password: 'open sesame' })).status).toBe(429);
    expect((await open(token, { password: 'open sesame' }, { 'x-forwarded-for': '203.0.113.8' })).status).toBe(201);
    const other = await share({ password: 'open sesame' });
    expect((await open(other.token, { password: 'open sesame' })).status).toBe(201);
  });

  test('right ones are no guesses; many addresses have a limit together; after a while it begins anew', async () => {
    const { token } = await share({ password: 'open sesame' });
    for (let index = 0; index <= GUESSES_PER_ADDRESS; index++) {
      expect((await open(token, { password: 'open sesame' })).status).toBe(201);
    }
    await open(token, { password: 'wrong' });
    await control.database.sql`update guesses set count = ${GUESSES_IN_ALL} where count > 0`;
    const elsewhere = { 'x-forwarded-for': '198.51.100.1' };
    expect((await open(token, { password: 'open sesame' }, elsewhere)).status).toBe(429);
    await control.database.sql`update guesses set since = since - interval '16 minutes'`;
    expect((await open(token, { password: 'open sesame' }, elsewhere)).status).toBe(201);
  });
});

test('keeps where it starts and which sites may show it, and says what it does not understand', async () => {
  const embedSites = ['Blog.example.com', 'https://*.example.org/path', 'http://localhost:8080'];
  await share({ startAtMs: 83_000, label: 'for Ann', embedSites });
  expect(await listed()).toMatchObject([
    {
      state: 'active',
      label: 'for Ann',
      startAtMs: 83_000,
      embedSites: ['https://blog.example.com', 'https://*.example.org', 'http://localhost:8080'],
    },
  ]);
  for (const json of [
    { embedSites: ["https://a.example; script-src 'unsafe-inline'"] },
    { password: 'abc' },
    { startAtMs: -1 },
    { maxViews: 0 },
    { expiresIn: 1000 },
    { views: 1 },
  ]) {
    const refused = await callRoute(sharesRoute.POST, { params: { id: task.recordingId }, json });
    expect(refused.status, JSON.stringify(json)).toBe(400);
  }
});

describe('where media is delivered by redirect', () => {
  const { endpoint, region, bucket, ...keys } = inject('objectServer');
  const storageUrl = `s3://${bucket}/shares-test?endpoint=${endpoint}&region=${region}&forcePathStyle=true`;
  let inBucket: Control;
  beforeAll(async () => {
    const store = await openStore(storageUrl, {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    });
    inBucket = { ...control, store, environment: { ...control.environment, mediaDelivery: 'redirect' } };
  });
  beforeEach(async () => {
    const [media] = (await findRecording(control.database.db, task.recordingId))?.media ?? [];
    if (media) await inBucket.store.put(media.key, Buffer.from('in the bucket'), { contentType: media.contentType });
    useControlPlane(inBucket);
  });
  afterEach(() => useControlPlane(control));
  afterAll(() => inBucket.store.close());

  test('a finished file comes from the store, by an address that is good for 15 minutes', async () => {
    const { id, token } = await share({ allowDownload: true });
    const response = await watch(token, {}, '/?download=1');
    expect([response.status, response.headers.get('cache-control')]).toEqual([302, 'no-store']);
    const address = new URL(response.headers.get('location') ?? '');
    expect(Number(address.searchParams.get('X-Amz-Expires'))).toBe(900);
    const media = await fetch(address);
    expect(await media.text()).toBe('in the bucket');
    expect(media.headers.get('content-disposition')).toMatch(/^attachment; filename="r_ann_[\d-]+\.webm"$/);
    expect(await listed()).toMatchObject([{ views: 1 }]);
    await revoke(id);
    expect((await watch(token)).status).toBe(404);
  });

  test('what still grows passes through here', async () => {
    await control.database.sql`truncate recordings cascade`;
    await beginRecording(control.database.db, { room: 'r', identity: 'ann', ...wish });
    task = await pool.claimRecord();
    const segment = segmentOf(task, 1);
    await inBucket.store.put(segment.key, Buffer.from('x'.repeat(100)), { contentType: 'video/webm' });
    await pool.report(task, { segments: [segment] });
    const { token } = await share();
    const response = await watch(token);
    expect([response.status, (await bytesOf(response)).length]).toEqual([200, 100]);
  });
});

describe('oEmbed', () => {
  const describeLink = (url: string, more: Record<string, string> = {}) =>
    callRoute(oembedRoute.GET, { as: 'nobody', path: `/api/oembed?${new URLSearchParams({ url, ...more })}` });
  const described = async (url: string, more?: Record<string, string>) => (await describeLink(url, more)).json();

  test('is a link, and a frame where the share names sites that may have one', async () => {
    const plain = await share();
    expect(await described(plain.url)).toEqual({
      type: 'link',
      version: '1.0',
      provider_name: 'Participant Recorder',
      provider_url: 'http://recorder.test',
      title: 'ann',
    });
    const { url } = await share({ embedSites: ['https://blog.example.com'] });
    expect(await described(url, { maxwidth: '480', maxheight: '2000', dnt: '1' })).toMatchObject({
      type: 'video',
      width: 480,
      height: 270,
      html: expect.stringContaining(`<iframe src="${url}/embed" width="480" height="270"`),
    });
    expect(await described(`${url}/embed`, { maxheight: '270' })).toMatchObject({ width: 480, height: 270 });
    expect(await listed()).toMatchObject([{ views: 0 }, { views: 0 }]);
  });

  test('says nothing of what a password protects', async () => {
    const { url } = await share({ password: 'open sesame', embedSites: ['https://blog.example.com'] });
    const text = await (await describeLink(url)).text();
    expect(text).toContain('Protected recording');
    expect(text).not.toMatch(/ann|thumbnail/);
  });

  test('takes names for text', async () => {
    await control.database.sql`update recordings set identity = ${'"><script>'}`;
    const { url } = await share({ embedSites: ['https://blog.example.com'] });
    expect(((await described(url)) as { html: string }).html).not.toContain('<script>');
  });

  test('knows only its own links that work, in JSON', async () => {
    const { id, url, token } = await share();
    for (const other of ['x', 'https://elsewhere.example/s/x', `http://recorder.test/${token}`, `${url}x`]) {
      expect((await describeLink(other)).status).toBe(404);
    }
    expect((await describeLink(url, { format: 'xml' })).status).toBe(501);
    await revoke(id);
    expect((await describeLink(url)).status).toBe(404);
  });
});

test('gives nothing but its own recording', async () => {
  const { token } = await share();
  const params = { id: task.recordingId };
  expect((await callRoute(mediaRoute.GET, { params, headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  const cookie = cookieOf(await watch(token));
  expect((await callRoute(mediaRoute.GET, { as: 'nobody', params, headers: { cookie } })).status).toBe(401);
});
