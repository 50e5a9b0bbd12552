/** Participants with names nobody would choose, who publish half or nothing, and starts that cannot work. */

import { decodeErrors, probe } from './decode.ts';
import { expect, test } from './fixtures.ts';
import { runScript, temporaryFile } from './product.ts';

const oddNames = {
  'a path': '../../etc/passwd',
  'quotes and markup': `"'\`<script>alert(1)</script>`,
  'right to left and emoji': '\u202egnp.exe \u05e9\u05dc\u05d5\u05dd 👩‍🚀',
  'four kilobytes': 'x'.repeat(4096),
};

for (const [title, name] of Object.entries(oddNames)) {
  test(`a participant whose name is ${title} is recorded, and the name is never part of a key`, async ({
    product,
    api,
  }) => {
    await api.createRule({ name: title, roomPattern: name, identityPattern: '*', reconnectWindowMs: 0 });
    const demo = await runScript(product, 'demo', [
      ...['--room', name, '--identity', name, '--size', '320x180', '--seconds', '4'],
    ]);
    expect(demo.code, demo.stderr).toBe(0);
    const recording = await api.recordingWhere(name, ({ status }) => status === 'ready');
    expect(recording.identity).toBe(name);
    expect(recording.mediaUrl).toMatch(/^\/api\/v1\/recordings\/[0-9a-f-]+\/media/);
    expect(await decodeErrors(temporaryFile('recording', await api.media(recording)))).toBe('');
  });
}

for (const { only, option, file } of [
  { only: 'video', option: '--no-audio', file: 'video.webm' },
  { only: 'audio', option: '--no-video', file: 'audio.webm' },
] as const) {
  test(`a participant who publishes ${only} only becomes a valid file`, async ({ product, api }) => {
    const room = `only ${only}`;
    await api.createRule({ name: room, roomPattern: room, identityPattern: '*', reconnectWindowMs: 0 });
    const demo = await runScript(product, 'demo', [
      ...['--room', room, '--identity', 'ada', option, '--size', '320x180', '--seconds', '6'],
    ]);
    expect(demo.code, demo.stderr).toBe(0);
    const recording = await api.recordingWhere(room, ({ status }) => status === 'ready');
    const path = temporaryFile(file, await api.media(recording));
    expect(await decodeErrors(path)).toBe('');
    const { streams, durationS } = probe(path);
    expect(streams.map((stream) => stream.kind)).toEqual([only]);
    expect(durationS).toBeGreaterThan(4);
  });
}

test('a participant who joins and never publishes is absent, and says so', async ({ product, api }) => {
  const room = 'silent';
  await api.createRule({ name: room, roomPattern: room, identityPattern: '*', reconnectWindowMs: 0 });
  const demo = await runScript(product, 'demo', [
    '--room',
    room,
    '--identity',
    'ada',
    '--no-audio',
    '--no-video',
    '--seconds',
    '5',
  ]);
  expect(demo.code, demo.stderr).toBe(0);
  const recording = await api.recordingWhere(room, ({ status }) => status === 'absent');
  expect(recording.error?.message).toMatch(/publish/);
  expect(recording.mediaUrl).toBeNull();
});

test('a second start for a participant already being recorded is 409 with the id of the first', async ({
  product,
  api,
}) => {
  const demo = runScript(product, 'demo', [
    '--room',
    'twice',
    '--identity',
    'ada',
    '--size',
    '320x180',
    '--seconds',
    '8',
  ]);
  let first = await api.request('POST', '/api/v1/recordings', { room: 'twice', identity: 'ada' });
  for (let turn = 0; first.status === 404 && turn < 50; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    first = await api.request('POST', '/api/v1/recordings', { room: 'twice', identity: 'ada' });
  }
  expect(first.status).toBe(201);
  const { id } = (await first.json()) as { id: string };
  const second = await api.request('POST', '/api/v1/recordings', { room: 'twice', identity: 'ada' });
  expect(second.status).toBe(409);
  expect(second.headers.get('content-type')).toContain('application/problem+json');
  expect(await second.json()).toMatchObject({ status: 409, recordingId: id });
  await api.recordingWhere('twice', ({ durationMs }) => durationMs > 1000);
  await api.json('POST', `/api/v1/recordings/${id}/stop`);
  await api.recordingWhere('twice', ({ status }) => status === 'ready');
  await demo;
});
