/**
 * What a recording keeps in memory must not grow with its length: a day has fifty thousand segments. Here one goes the whole way, from
 * frames to the control plane's acknowledgement, faster than real time. Bytes are counted, no time is measured.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderStore } from '../storage/folder-store.ts';
import type { ReportBatch } from './contract/report.ts';
import { Recording } from './pipeline.ts';
import { ControlPlane } from './report/control-plane.ts';
import { HeldRecording } from './report/held-recording.ts';
import { ReportClient } from './report/report-client.ts';
import { acceptAll } from './report/testing/control-plane-peer.ts';
import { taskSpec } from './report/testing/scripted-recording.ts';
import type { Sample } from './testing/encoded-samples.ts';
import { HeldClock } from './testing/held-clock.ts';
import { ScriptedParticipant } from './testing/scripted-participant.ts';

// Compiled code comes and goes as V8 sees fit, and is no recording.
for (const flag of [
  '--expose-gc',
  '--no-opt',
  '--no-sparkplug',
  '--no-flush-bytecode',
  '--no-lazy-feedback-allocation',
]) {
  setFlagsFromString(flag);
}
const collectGarbage = runInNewContext('gc') as () => void;

const segmentMs = 1000;
const segmentsAtOnce = 20;
const log = pino({ level: 'silent' });
const picture: Sample = { codec: 'vp8', data: new Uint8Array(100), isKeyframe: true, width: 320, height: 180 };
const sound: Sample = { codec: 'opus', data: new Uint8Array([0xf8, 0xff, 0xfe]), isKeyframe: true };

let folder: string;
let server: Server;
/** Segments that the control plane knows. */
let known: number;

beforeEach(async () => {
  // Where syncing costs nothing, if there is such a place.
  folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kept-memory-test-'));
  known = 0;
  server = createServer(async (request, response) => {
    const { reports } = JSON.parse(await text(request)) as ReportBatch;
    for (const { segments } of reports) known += segments.length;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(acceptAll(reports)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

test('a segment that is stored and acknowledged leaves nothing in memory', async () => {
  const clock = new HeldClock();
  const participant = new ScriptedParticipant(clock);
  const store = await FolderStore.open(join(folder, 'store'));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sleep = () => new Promise((resolve) => setImmediate(resolve));
  const client = new ReportClient({ controlPlane: new ControlPlane({ url, bearer: 'worker', log }), log, sleep });
  const task = { ...taskSpec(), segmentMs, reportToken: randomUUID() };
  const held = new HeldRecording(task, log, () => client.changed(task.attemptId));
  client.add(held);
  const outcome = held.run(task, (_, onChange) => {
    const spoolDir = join(folder, 'spool');
    const { ticker } = clock;
    return new Recording({ task, source: participant, store, spoolDir, clock, log, onChange, ticker });
  });
  await participant.connected;
  participant.publish('camera', 'camera', 'vp8');
  participant.publish('microphone', 'microphone', 'opus');

  let recorded = 0;
  const record = async (segments: number) => {
    for (const until = recorded + segments; recorded < until; recorded += segmentsAtOnce) {
      const play = (trackSid: string, framesPerSecond: number, sample: Sample) => {
        const samples = Array.from({ length: (framesPerSecond * segmentsAtOnce * segmentMs) / 1000 }, () => sample);
        return { trackSid, framesPerSecond, samples, fromMs: recorded * segmentMs };
      };
      participant.play(play('camera', 5, picture), play('microphone', 50, sound));
      // The last one is still open.
      await expect
        .poll(() => known, { timeout: 60_000, interval: 1 })
        .toBeGreaterThanOrEqual(recorded + segmentsAtOnce - 1);
    }
    // What was finalised in one collection is freed by the next.
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
    }
    return process.memoryUsage().heapUsed;
  };
  // What is made when first needed is made in the first of them; whatever else moves is not in most of them.
  const usedBytes: number[] = [];
  for (const segments of [300, 160, 160, 160, 160, 160]) usedBytes.push(await record(segments));
  const growth = usedBytes.slice(1).map((bytes, index) => (bytes - (usedBytes[index] ?? 0)) / 160);
  const [, , median] = growth.sort((a, b) => a - b);
  expect(median, growth.join(' ')).toBeLessThan(200);

  held.obey('stop');
  expect(await outcome).toMatchObject({ kind: 'finished' });
  await client.settle(new AbortController().signal);
  await client.close();
  expect(known).toBeGreaterThanOrEqual(recorded);
});
