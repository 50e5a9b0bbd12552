/** The command line against the real API. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { Recording, Rule } from '../app/_control/api.ts';
import { type ServedControlPlane, serveControlPlane } from '../infra/tests/serve-control-plane.ts';
import { ApiClient } from './api-client.ts';
import { runCli } from './run-cli.ts';

let served: ServedControlPlane;
let folder: string;
beforeAll(async () => {
  served = await serveControlPlane({ postgresUrl: inject('postgresUrl'), livekit: inject('livekit') });
});
afterAll(() => served.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'participant-recorder-cli-'));
  return () => rm(folder, { recursive: true, force: true });
});

async function cli(args: string[], env: Record<string, string> = {}) {
  let stdout = '';
  let stderr = '';
  const code = await runCli(
    args,
    { RECORDER_URL: served.url, RECORDER_API_KEY: served.apiKey, ...env },
    {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
    },
  );
  return { code, stdout, stderr };
}

const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251);

test('recordings are listed and shown, for people and as JSON', async () => {
  const id = await served.addRecording('listed', 'ann\u001b[31m', bytes);
  const forPeople = await cli(['list', '--room', 'listed']);
  expect(forPeople.code).toBe(0);
  expect(forPeople.stdout).toMatch(/^ID +STATUS +ROOM/);
  expect(forPeople.stdout).toContain(id);
  expect(forPeople.stdout).toContain('ann\\u001b[31m');
  expect(forPeople.stdout).not.toContain('\u001b');
  const [first] = JSON.parse((await cli(['--json', 'list', '--room', 'listed'])).stdout);
  expect(first).toMatchObject({ id, status: 'ready', identity: 'ann\u001b[31m' });
  expect(JSON.parse((await cli(['get', id, '--json'])).stdout)).toMatchObject({ id });
  expect((await cli(['get', id])).stdout).toContain('camera 1');
});

test('a list that is longer than a page is fetched page by page', async () => {
  for (let index = 0; index < 3; index++) await served.addRecording('pages', `p${index}`, bytes);
  const api = new ApiClient({ url: served.url, key: served.apiKey });
  served.asked.length = 0;
  const all = await api.list<Recording>('/api/v1/recordings', { room: 'pages', limit: '1' }, 10);
  expect(all.map(({ identity }) => identity)).toEqual(['p2', 'p1', 'p0']);
  expect(served.asked).toHaveLength(3);
  expect(await api.list('/api/v1/recordings', { room: 'pages', limit: '1' }, 2)).toHaveLength(2);
});

test('a download is the file, and says how far it is', async () => {
  const id = await served.addRecording('download', 'bob', bytes);
  const out = join(folder, 'talk.webm');
  const { code, stdout, stderr } = await cli(['download', id, '--out', out]);
  expect([code, stdout]).toEqual([0, `${out}\n`]);
  expect(stderr).toContain('100 %');
  expect(new Uint8Array(await readFile(out))).toEqual(bytes);
  expect(await readdir(folder)).toEqual(['talk.webm']);
  const again = await cli(['download', id, '--out', out]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
  expect((await cli(['download', id, '--out', out, '--force'])).code).toBe(0);
});

test('a download that was broken off goes on where it was', async () => {
  const id = await served.addRecording('resume', 'cleo', bytes);
  const out = join(folder, 'talk.webm');
  const [recording] = JSON.parse((await cli(['--json', 'list', '--room', 'resume'])).stdout);
  const part = `${out}.${recording.media[0].sha256.slice(0, 8)}.part`;
  await writeFile(part, bytes.subarray(0, 100_000));
  served.asked.length = 0;
  expect((await cli(['download', id, '--out', out])).code).toBe(0);
  expect(served.asked).toContainEqual(expect.stringContaining('bytes=100000-'));
  expect(new Uint8Array(await readFile(out))).toEqual(bytes);
});

test('a download that is not what the recorder has is thrown away and said', async () => {
  const id = await served.addRecording('damaged', 'dan', bytes);
  const out = join(folder, 'talk.webm');
  const [recording] = JSON.parse((await cli(['--json', 'list', '--room', 'damaged'])).stdout);
  await writeFile(`${out}.${recording.media[0].sha256.slice(0, 8)}.part`, new Uint8Array(1000));
  const { code, stderr } = await cli(['download', id, '--out', out]);
  expect([code, stderr.includes('SHA-256')]).toEqual([1, true]);
  expect(await readdir(folder)).toEqual([]);
});

test('a link and a rule are made, switched and removed', async () => {
  const id = await served.addRecording('shared', 'eve', bytes);
  const link = await cli(['share', id, '--expires', '2h', '--password', 'a secret', '--label', 'for Eve']);
  expect(link.stdout).toMatch(/^http:\/\/recorder\.test\/s\/\S+\n$/);
  expect(JSON.parse((await cli(['--json', 'share', id, '--expires', 'never'])).stdout)).toMatchObject({
    expiresAt: null,
  });

  const rule = JSON.parse((await cli(['--json', 'rules', 'create', 'talks', '--room', 'talk-*'])).stdout);
  expect((await cli(['rules'])).stdout).toContain('talk-*');
  expect(JSON.parse((await cli(['--json', 'rules', 'off', rule.id])).stdout)).toMatchObject({ enabled: false });
  expect((await cli(['rules', 'delete', rule.id])).code).toBe(0);
  expect((await cli(['rules'])).stdout).toBe('There are no rules.\n');
});

test('all rules are listed, however many pages they are', async () => {
  const api = new ApiClient({ url: served.url, key: served.apiKey });
  const made: string[] = [];
  for (let index = 0; index < 201; index++) {
    const body = { name: `rule ${index}`, roomPattern: 'nowhere', identityPattern: '*' };
    made.push((await api.json<Rule>('POST', '/api/v1/rules', { body })).id);
  }
  const listed = JSON.parse((await cli(['--json', 'rules'])).stdout) as Rule[];
  expect(listed.map(({ id }) => id)).toEqual(made);
});

test('who is in a room is listed; who is not there cannot be recorded', async () => {
  const listed = await cli(['rooms', '--json']);
  expect(listed.code).toBe(0);
  expect(JSON.parse(listed.stdout)).toBeInstanceOf(Array);
  const start = await cli(['start', 'a room nobody has', 'nobody']);
  expect(start).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('no such room') });
});

test.each([
  [['get', '00000000-0000-4000-8000-000000000000'], {}, 5, 'no such recording'],
  [['get', 'nonsense'], {}, 2, 'is no id'],
  [['list', '--limit', 'many'], {}, 2, 'whole number'],
  [['list', '--status', 'gone'], {}, 2, 'status'],
  [['share', '00000000-0000-4000-8000-000000000000', '--expires', 'soon'], {}, 2, '7d'],
  [['dance'], {}, 2, 'unknown command'],
  [['list'], { RECORDER_API_KEY: '' }, 4, 'RECORDER_API_KEY'],
  [['list'], { RECORDER_API_KEY: 'wrong' }, 4, 'RECORDER_API_KEY'],
  [['list'], { RECORDER_URL: 'nowhere' }, 2, 'is no address'],
  [['list'], { RECORDER_URL: 'http://127.0.0.1:9' }, 3, '--url'],
])('%j with %j ends with %i and a sentence', async (args, env, code, sentence) => {
  const ended = await cli(args, env as Record<string, string>);
  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) });
  expect(ended.stderr).not.toMatch(/\n {4}at /);
});

test('help is no failure', async () => {
  const { code, stdout } = await cli(['--help']);
  expect(code).toBe(0);
  for (const command of ['rooms', 'start', 'stop', 'list', 'get', 'download', 'share', 'rules']) {
    expect(stdout).toContain(command);
  }
});
