/** The recorder as users and the control plane start it: as a process, against a real LiveKit server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AccessToken } from 'livekit-server-sdk';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { openStore } from '../storage/open-store.ts';
import { exitCodes } from './contract/exit-codes.ts';
import type { RecordTask } from './contract/task-spec.ts';
import { acceptAll, ControlPlanePeer } from './report/testing/control-plane-peer.ts';
import { taskSpec } from './report/testing/scripted-recording.ts';
import { decode, probe } from './testing/probe.ts';

const livekit = inject('livekit');
const objectServer = inject('objectServer');
let folder: string;
let room: string;
const closers: (() => unknown)[] = [];

beforeEach(async (context) => {
  folder = await mkdtemp(join(tmpdir(), 'recorder-test-'));
  room = `recorder-${context.task.id}-${Date.now()}`;
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await rm(folder, { recursive: true });
});

interface Program {
  child: ChildProcess;
  stdout: Promise<string>;
  stderr: Promise<string>;
  exitCode: Promise<number | null>;
  /** Resolves when this appears on stderr or stdout. */
  says: (pattern: RegExp) => Promise<void>;
}

function start(script: string, args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [join('.build', script), ...args], {
    env: { NODE_ENV: 'production', PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closers.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let said = '';
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = (more = '') => {
        said += more;
        if (pattern.test(said)) resolve();
      };
      child.stdout.on('data', (chunk: Buffer) => look(chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => look(chunk.toString()));
      child.on('exit', () => reject(new Error(`ended without saying ${pattern}: ${said}`)));
    });
  const exitCode = once(child, 'exit').then(([code]) => code as number | null);
  return { child, stdout: text(child.stdout), stderr: text(child.stderr), exitCode, says };
}

/** A participant that publishes numbered frames until it is stopped. */
function publish(codec: 'vp8' | 'h264', identity = 'speaker'): Program {
  return start(
    'infra/demo/main.js',
    ['--room', room, '--identity', identity, '--codec', codec, '--size', '320x240', '--seconds', '60'],
    { LIVEKIT_URL: livekit.url, LIVEKIT_API_KEY: livekit.apiKey, LIVEKIT_API_SECRET: livekit.apiSecret },
  );
}

async function joinToken(secret = livekit.apiSecret): Promise<string> {
  const token = new AccessToken(livekit.apiKey, secret, { identity: 'the-recorder', ttl: '5m' });
  token.addGrant({ room, roomJoin: true, canPublish: false, canSubscribe: true, hidden: true, recorder: true });
  return token.toJwt();
}

async function record(out: string, ...more: string[]): Promise<Program> {
  return start(
    'recorder-program/main.js',
    ['record', '--url', livekit.url, '--room', room, '--identity', 'speaker', '--out', join(folder, out), ...more],
    { LIVEKIT_TOKEN: await joinToken() },
  );
}

describe('record', () => {
  test.each([
    ['vp8', 'talk.webm', 'vp8'],
    ['h264', 'talk.mp4', 'h264'],
  ] as const)('%s ends up in %s, untouched and complete', async (codec, out, probed) => {
    publish(codec);
    const recorder = await record(out, '--seconds', '4');
    expect(await recorder.exitCode, await recorder.stderr).toBe(exitCodes.finished);
    expect(await readdir(folder)).toEqual([out]);

    const statistics = JSON.parse(await recorder.stdout);
    expect(statistics).toMatchObject({ outcome: 'finished', stopReason: 'max-duration', identity: 'speaker' });
    expect(statistics.files).toHaveLength(1);
    const file = probe(join(folder, out));
    expect(file.video).toMatchObject({ codec: probed });
    expect(file.audio).toMatchObject({ codec: 'opus' });
    expect(file.durationMs).toBeGreaterThan(3500);
    expect(file.durationMs).toBeLessThan(5000);
    const decoded = decode(join(folder, out));
    expect(decoded.errors).toBe('');
    const track = statistics.tracks.find((candidate: { kind: string }) => candidate.kind === 'video');
    expect(track.frames).toBe(decoded.videoFrames);
    expect(track.packetsLost).toBe(0);
  });

  test('a file that does not fit the codec gets the extension that does', async () => {
    publish('h264');
    const recorder = await record('talk.webm', '--seconds', '1');
    expect(await recorder.exitCode).toBe(exitCodes.finished);
    expect(await readdir(folder)).toEqual(['talk.mp4']);
    expect(await recorder.stderr).toContain('talk.webm does not fit');
  });

  test('Ctrl-C stops and finishes the file', async () => {
    publish('vp8');
    const recorder = await record('talk.webm');
    await recorder.says(/Recording/);
    recorder.child.kill('SIGINT');
    expect(await recorder.exitCode, await recorder.stderr).toBe(exitCodes.finished);
    expect(decode(join(folder, 'talk.webm')).errors).toBe('');
    expect(JSON.parse(await recorder.stdout)).toMatchObject({ stopReason: 'requested' });
  });

  test('a participant that leaves ends the recording', async () => {
    const speaker = publish('vp8');
    const recorder = await record('talk.webm');
    await recorder.says(/Recording/);
    speaker.child.kill('SIGTERM');
    expect(await recorder.exitCode, await recorder.stderr).toBe(exitCodes.finished);
    expect(JSON.parse(await recorder.stdout)).toMatchObject({ stopReason: 'participant-left' });
  });

  test('a participant that never comes: a sentence, "absent", and no file', async () => {
    const recorder = await record('talk.webm', '--wait-seconds', '1');
    expect(await recorder.exitCode).toBe(exitCodes.absent);
    expect((await recorder.stderr).trimEnd().split('\n').at(-1)).toMatch(/nothing to record of "speaker"/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a server that refuses: a sentence and "livekit"', async () => {
    const recorder = await record('talk.webm', '--token', await joinToken('not-the-secret-but-long-enough-for-it'));
    expect(await recorder.exitCode).toBe(exitCodes.livekit);
    expect(await recorder.stderr).not.toContain('    at ');
    expect(await readdir(folder)).toEqual([]);
  });

  test('a server that is not there: a sentence and "livekit"', async () => {
    const recorder = await record('talk.webm', '--url', 'ws://127.0.0.1:1');
    expect(await recorder.exitCode).toBe(exitCodes.livekit);
    expect(await recorder.stderr).toContain('127.0.0.1:1');
  });

  test('wrong arguments: a sentence and "usage"', async () => {
    const recorder = start('recorder-program/main.js', ['record', '--room', 'R']);
    expect(await recorder.exitCode).toBe(exitCodes.usage);
    expect(await recorder.stderr).toMatch(/is missing/);
    const nothing = start('recorder-program/main.js', []);
    expect(await nothing.exitCode).toBe(exitCodes.usage);
  });
});

describe('serve and run', () => {
  let peer: ControlPlanePeer;
  let environment: Record<string, string>;
  beforeEach(async () => {
    peer = await ControlPlanePeer.start();
    closers.push(() => peer.stop());
    const { endpoint, bucket, region, accessKeyId, secretAccessKey } = objectServer;
    environment = {
      CONTROL_URL: peer.url,
      STORAGE_URL: `s3://${bucket}/${room}?endpoint=${endpoint}&region=${region}&forcePathStyle=true`,
      SPOOL_DIR: join(folder, 'spool'),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
  });

  async function task(change: Partial<RecordTask> = {}): Promise<RecordTask> {
    const token = await joinToken();
    return {
      ...taskSpec(),
      room,
      identity: 'speaker',
      livekit: { url: livekit.url, token },
      segmentMs: 500,
      ...change,
    };
  }

  /** Everything reported of the attempt agrees with what is in the store. */
  async function expectStored({ objectPrefix }: RecordTask): Promise<void> {
    const store = await openStore(environment.STORAGE_URL ?? '', environment);
    closers.push(() => store.close());
    const sizes = new Map<string, number>();
    for await (const { key, sizeBytes } of store.list(objectPrefix)) sizes.set(key, sizeBytes);
    const segments = peer.reports.flatMap((report) => report.segments);
    expect(segments.length).toBeGreaterThan(0);
    for (const segment of segments) expect(sizes.get(segment.key)).toBe(segment.sizeBytes);
    const outcome = peer.reports.find((report) => report.outcome)?.outcome;
    if (outcome?.kind !== 'finished') throw new Error(`not finished: ${JSON.stringify(outcome)}`);
    for (const media of outcome.media) expect(sizes.get(media.key)).toBe(media.sizeBytes);
    await expectSpoolEmpty();
  }

  /** A worker that runs keeps its socket there. */
  async function expectSpoolEmpty(): Promise<void> {
    const left = async () =>
      (await readdir(join(folder, 'spool'), { recursive: true })).filter((name) => /journal|webm|mp4/.test(name));
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  }

  test('a worker records what it is given; SIGTERM ends it with everything stored and reported', async () => {
    publish('vp8');
    const given = await task();
    const answers = [{ attempts: [], tasks: [given] }];
    peer.onClaim = () => answers.shift() ?? 'never';
    const worker = start('recorder-program/main.js', ['serve'], { ...environment, WORKER_TOKEN: 'worker-token' });
    await peer.report((report) => report.segments.length > 0);
    worker.child.kill('SIGTERM');
    expect(await worker.exitCode, await worker.stdout).toBe(exitCodes.finished);

    const states = [...new Set(peer.reports.map((report) => report.state))];
    expect(states).toEqual(expect.arrayContaining(['recording', 'ended']));
    const { outcome } = await peer.report((report) => report.outcome !== undefined);
    expect(outcome).toMatchObject({ kind: 'finished', stopReason: 'shutdown' });
    const claimed = peer.batches.find(({ claim }) => claim)?.claim;
    expect(claimed?.version, 'what it runs').toMatch(/^\d+\.\d+\.\d+/);
    await expectStored(given);
    expect(await worker.stdout).not.toContain(given.reportToken);
    expect(await worker.stdout).not.toContain(given.livekit.token);
  });

  test('a worker stops a recording when it is told to', async () => {
    publish('vp8');
    const given = await task();
    const answers = [{ attempts: [], tasks: [given] }];
    peer.onClaim = () => answers.shift() ?? 'never';
    start('recorder-program/main.js', ['serve'], { ...environment, WORKER_TOKEN: 'worker-token' });
    await peer.report((report) => report.segments.length > 0);
    peer.onReports = (reports) => acceptAll(reports, 'stop');
    const { outcome } = await peer.report((report) => report.outcome !== undefined);
    expect(outcome).toMatchObject({ kind: 'finished', stopReason: 'requested' });
    await expectStored(given);
  });

  test('a worker that was killed: the next one says so, stores what it left, and takes tasks meanwhile', async () => {
    publish('vp8');
    const given = await task();
    const answers = [{ attempts: [], tasks: [given] }];
    peer.onClaim = () => answers.shift() ?? 'never';
    // Nothing of it gets into a store.
    const nowhere = 's3://bucket/x?endpoint=http://127.0.0.1:1&region=x';
    const serving = { ...environment, WORKER_TOKEN: 'worker-token' };
    const first = start('recorder-program/main.js', ['serve'], { ...serving, STORAGE_URL: nowhere });
    await peer.report((report) => report.stats.segmentsPending >= 4);
    first.child.kill('SIGKILL');
    await first.exitCode;
    // Of those that wait, some may not have been on disk yet; and the last that is may lack its line in the journal.
    const files = await readdir(environment.SPOOL_DIR ?? '', { recursive: true });
    const durable = files.filter((name) => /-\d{6}\.webm$/.test(name)).length - 1;
    expect(durable).toBeGreaterThan(0);

    const claimsBefore = peer.batches.filter(({ claim }) => claim).length;
    start('recorder-program/main.js', ['serve'], { ...serving, RESTARTED_AFTER: 'killed by SIGKILL' });
    const killed = await peer.report((report) => report.outcome !== undefined);
    expect(killed).toMatchObject({
      attemptId: given.attemptId,
      state: 'ended',
      outcome: { reason: 'recorder.killed', message: expect.stringContaining('killed by SIGKILL'), retryable: true },
    });
    expect(killed.stats.segmentsPending).toBeGreaterThanOrEqual(durable);
    expect(killed.tracks.length).toBeGreaterThan(0);
    expect(killed.captureAgeMs).toBeGreaterThan(1000);
    await peer.report(({ outcome, stats: now }) => outcome !== undefined && now.segmentsPending === 0);
    const segments = peer.reports.flatMap((report) => report.segments);
    expect(segments.map(({ sequence }) => sequence)).toEqual(segments.map((_, index) => index + 1));
    expect(segments.length).toBeGreaterThanOrEqual(durable);
    const store = await openStore(environment.STORAGE_URL ?? '', environment);
    closers.push(() => store.close());
    for (const { key, sizeBytes } of segments) expect(await store.head(key)).toMatchObject({ sizeBytes });
    expect(peer.batches.filter(({ claim }) => claim).length).toBeGreaterThan(claimsBefore);
    await expectSpoolEmpty();
  });

  test('one task runs to its end and says it by its exit code', async () => {
    publish('h264');
    const given = await task({ maxDurationMs: 2000 });
    const runner = start('recorder-program/main.js', ['run'], { ...environment, TASK_SPEC: JSON.stringify(given) });
    expect(await runner.exitCode, await runner.stdout).toBe(exitCodes.finished);
    expect(peer.tokens[0]).toBe(`Bearer ${given.reportToken}`);
    await expectStored(given);
  });

  test('one task whose participant never comes is absent', async () => {
    const given = await task({ absentAfterMs: 500 });
    const runner = start('recorder-program/main.js', ['run'], { ...environment, TASK_SPEC: JSON.stringify(given) });
    expect(await runner.exitCode, await runner.stdout).toBe(exitCodes.absent);
    expect((await peer.report((report) => report.outcome !== undefined)).outcome).toMatchObject({ kind: 'absent' });
  });

  test('a wrong environment is one sentence', async () => {
    const worker = start('recorder-program/main.js', ['serve'], { ...environment, CAPACITY: 'many' });
    expect(await worker.exitCode).toBe(exitCodes.usage);
    expect((await worker.stderr).trim()).toBe(
      'The environment is wrong: WORKER_TOKEN is not set; CAPACITY is not a whole number.',
    );
  });
});
