import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../contract/report.ts';
import { abandonedError, failedOutcome } from '../recording-outcome.ts';
import { ControlPlane } from './control-plane.ts';
import { ReportClient } from './report-client.ts';
import { acceptAll, ControlPlanePeer, refuseAll } from './testing/control-plane-peer.ts';
import { HeldTime } from './testing/held-time.ts';
import { finished, ScriptedRecording } from './testing/scripted-recording.ts';

let peer: ControlPlanePeer;
let time: HeldTime;
let client: ReportClient;
const log = pino({ level: 'silent' });
const never = new AbortController().signal;
const superseded = failedOutcome(abandonedError());

beforeEach(async () => {
  peer = await ControlPlanePeer.start();
  time = new HeldTime();
  client = clientOf(peer.url);
});
afterEach(async () => {
  await client.close();
  await peer.stop();
});

function clientOf(url: string): ReportClient {
  return new ReportClient({
    controlPlane: new ControlPlane({ url, bearer: 'worker-token', log }),
    log,
    clock: time.clock,
    random: () => 1,
    sleep: time.sleep,
  });
}

function added(recording = new ScriptedRecording()): ScriptedRecording {
  recording.onChange = () => client.changed(recording.attemptId);
  client.add(recording);
  return recording;
}

const sequences = (report: Report) => report.segments.map((segment) => segment.sequence);

describe('reports', () => {
  test('the first goes out at once, with both tokens', async () => {
    const recording = added();
    const report = await peer.report(() => true);
    expect(report).toMatchObject({
      attemptId: recording.attemptId,
      epoch: 1,
      reportToken: recording.reportToken,
      state: 'starting',
    });
    expect(peer.tokens).toEqual(['Bearer worker-token']);
  });

  test('all attempts share one request a second', async () => {
    const recordings = [added(), added(), added()];
    await peer.batch(({ reports }) => reports.length === 3);
    expect(await time.pass()).toBe(1000);
    await peer.batch((batch) => batch === peer.batches[1]);
    expect(peer.batches[1]?.reports.map((report) => report.attemptId)).toEqual(recordings.map((r) => r.attemptId));
  });

  test('a stored segment goes out without waiting for the second, and takes nobody along who was told just now', async () => {
    const [storing] = [added(), added()];
    await peer.batch(({ reports }) => reports.length === 2);
    storing.store(1);
    const batch = await peer.batch(({ reports }) => reports.some((report) => report.segments.length > 0));
    expect(batch.reports.map(({ attemptId }) => attemptId)).toEqual([storing.attemptId]);
    expect(time.waitsMs.every((ms) => ms === 1000)).toBe(true);
    await time.pass();
    await peer.batch((later) => later !== peer.batches[0] && later.reports.length === 2);
  });

  test('a change of state goes out without waiting for the second, new figures do not', async () => {
    const recording = added();
    await peer.report(() => true);
    recording.change({ state: 'recording', startedAtUnixMs: 5 });
    await peer.report((report) => report.state === 'recording' && report.startedAtUnixMs === 5);
    const batches = peer.batches.length;
    recording.change({ gaps: [{ medium: 'camera', kind: 'audio', fromMicros: 0, toMicros: 1, reason: 'muted' }] });
    await time.pass();
    await peer.report((report) => report.gaps.length === 1);
    expect(peer.batches).toHaveLength(batches + 1);
  });

  test('segments are sent until they are acknowledged, and then no more', async () => {
    const recording = added();
    await peer.report(() => true);
    peer.onReports = (reports) => ({
      attempts: reports.map(({ attemptId }) => ({ attemptId, command: 'continue', leaseMs: 1, accepted: false })),
      tasks: [],
    });
    recording.store(2);
    await time.pass();
    await peer.report((report) => report.segments.length === 2);
    recording.store(1);
    peer.onReports = (reports) => acceptAll(reports);
    await time.pass();
    expect(sequences(await peer.report((report) => report.segments.length === 3))).toEqual([1, 2, 3]);
    recording.store(1);
    await time.pass();
    expect(sequences(await peer.report((report) => report.segments.length === 1))).toEqual([4]);
  });

  test('more than a thousand segments follow each other without a pause, the outcome with the last of them', async () => {
    const recording = new ScriptedRecording();
    recording.store(2500);
    recording.end(finished);
    added(recording);
    const last = await peer.report((report) => report.outcome !== undefined);
    expect(last.state).toBe('ended');
    expect(peer.reports.map((report) => [report.state, report.segments.length])).toEqual([
      ['finalising', 1000],
      ['finalising', 1000],
      ['ended', 500],
    ]);
    expect(peer.reports.flatMap(sequences)).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
    expect(time.waitsMs).toEqual([]);
  });

  test('an outcome is sent until it is acknowledged; then the attempt is forgotten', async () => {
    peer.onReports = () => ({ status: 503, body: 'restarting' });
    const recording = added();
    recording.end(finished);
    await time.pass();
    await time.pass();
    peer.onReports = (reports) => acceptAll(reports);
    await time.pass();
    await client.settle(new AbortController().signal);
    expect(peer.reports.filter((report) => report.outcome).length).toBeGreaterThanOrEqual(3);
    expect(client.holds).toEqual([]);
  });
});

describe('an attempt that failed', () => {
  test('is told at once, before its segments are stored, which follow', async () => {
    const recording = new ScriptedRecording();
    recording.store(1500);
    recording.change({ stats: { ...recording.snapshot().stats, segmentsPending: 1 } });
    recording.end(superseded);
    added(recording);
    const first = await peer.report(() => true);
    expect(first).toMatchObject({ state: 'ended', outcome: superseded });
    expect(first.segments).toHaveLength(1000);
    recording.store(1);
    recording.change({ stats: { ...recording.snapshot().stats, segmentsPending: 0 } });
    await client.settle(never);
    expect(peer.reports.flatMap(sequences)).toHaveLength(1501);
    expect(peer.reports.every(({ state }) => state === 'ended')).toBe(true);
  });

  test('is not let go of before the control plane knows all its segments', async () => {
    const recording = new ScriptedRecording();
    recording.store(1);
    recording.end(superseded);
    peer.onReports = () => ({ status: 503, body: 'restarting' });
    added(recording);
    await time.pass();
    expect(recording.isReleased).toBe(false);
    peer.onReports = (reports) => acceptAll(reports);
    await client.settle(never);
    expect(recording.isReleased).toBe(true);
  });
});

test('a lease counts from when the report was sent', async () => {
  const recording = added();
  await peer.report(() => true);
  await time.pass();
  await time.pass();
  expect(recording.leasedUntilMicros.slice(0, 2)).toEqual([15_000_000, 16_000_000]);
});

describe('commands', () => {
  test('are handed on once, although every reply repeats them', async () => {
    peer.onReports = (reports) => acceptAll(reports, 'stop');
    const recording = added();
    await time.pass();
    await time.pass();
    expect(recording.obeyed).toEqual(['stop']);
    expect(client.holds).toEqual([{ attemptId: recording.attemptId, obeys: 'stop' }]);
  });

  test('"abandon" stays, and what was captured is reported until all of it is', async () => {
    peer.onReports = (reports) => acceptAll(reports, 'abandon');
    const abandoned = added();
    await time.pass();
    peer.onReports = (reports) => acceptAll(reports, 'stop');
    await time.pass();
    expect(abandoned.obeyed).toEqual(['abandon']);
    expect(abandoned.leasedUntilMicros).toHaveLength(1);
    abandoned.change({ stats: { ...abandoned.snapshot().stats, segmentsPending: 2 } });
    abandoned.store(1);
    abandoned.end(superseded);
    await peer.report(({ outcome }) => outcome !== undefined);
    abandoned.store(1);
    abandoned.change({ stats: { ...abandoned.snapshot().stats, segmentsPending: 0 } });
    await client.settle(never);
    expect(peer.reports.flatMap(sequences)).toEqual([1, 2]);
    expect(client.has(abandoned.attemptId)).toBe(false);
    expect(abandoned.isReleased).toBe(true);
  });

  test('"abandon" without ever accepting: it is told a few times, and then no more', async () => {
    const abandoned = added();
    abandoned.store(1);
    abandoned.end(superseded);
    peer.onReports = (reports) => refuseAll(reports, 'abandon');
    for (let count = 0; count < 4; count++) await time.pass();
    await client.settle(never);
    expect(client.has(abandoned.attemptId)).toBe(false);
    expect(abandoned.isReleased).toBe(true);
  });

  test('"discard" ends reporting, and the attempt is let go of when it has ended, whatever waits', async () => {
    peer.onReports = (reports) => acceptAll(reports, 'discard');
    const discarded = added();
    await time.pass();
    const before = peer.reports.length;
    await time.pass();
    expect(discarded.obeyed).toEqual(['discard']);
    expect(peer.reports).toHaveLength(before);
    expect(client.has(discarded.attemptId)).toBe(true);
    discarded.change({ stats: { ...discarded.snapshot().stats, segmentsPending: 3 } });
    discarded.end(superseded);
    await client.settle(never);
    expect(discarded.isReleased).toBe(true);
  });

  test('for an attempt that is not held here are ignored', async () => {
    const recording = added();
    peer.onReports = (reports) =>
      acceptAll([...reports, { ...reports[0], attemptId: 'ffffffff-ffff-4fff-8fff-ffffffffffff' } as Report], 'pause');
    await time.pass();
    await time.pass();
    expect(recording.obeyed).toEqual(['pause']);
  });
});

describe('a control plane in trouble', () => {
  test('that is gone is asked at growing intervals, and hears everything when it is back', async () => {
    const port = Number(new URL(peer.url).port);
    const recording = added();
    await peer.report(() => true);
    await peer.stop();
    await time.pass();
    recording.change({ state: 'recording', startedAtUnixMs: 7 });
    recording.store(3);
    const waits: number[] = [];
    for (let turn = 0; turn < 8; turn++) waits.push(await time.pass());
    expect(waits.slice(-3)).toEqual([5000, 5000, 5000]);

    peer = await ControlPlanePeer.start(port);
    await time.pass();
    const report = await peer.report(() => true);
    expect(report).toMatchObject({ state: 'recording', startedAtUnixMs: 7 });
    expect(sequences(report)).toEqual([1, 2, 3]);
  });

  test.each([
    ['speaks of something else', { status: 200, body: '<html>' }],
    ['answers another shape', { status: 200, body: '{"attempts": 7}' }],
    ['refuses the token', { status: 401, body: '' }],
    ['breaks', { status: 500, body: 'oops' }],
  ])('that %s is asked again', async (_, answer) => {
    const answers = [answer];
    peer.onReports = (reports) => answers.shift() ?? acceptAll(reports);
    added().store(1);
    expect(await time.pass()).toBe(500);
    expect(await time.pass()).toBe(1000);
    await peer.report((report) => report.segments.length === 0);
    expect(peer.reports.map((report) => report.segments.length)).toEqual([1, 1, 0]);
  });

  test('that refuses one report takes the others, and the refused one is tried again rarely', async () => {
    const [good, bad, alsoGood] = [added(), added(), added()];
    peer.onReports = (reports) =>
      reports.some((report) => report.attemptId === bad.attemptId)
        ? { status: 400, body: '{"detail": "does not fit"}' }
        : acceptAll(reports);
    for (const recording of [good, bad, alsoGood]) recording.store(1);
    await time.pass();
    await peer.batch(({ reports }) => reports.length === 2);
    const after = peer.batches.at(-1);
    expect(after?.reports.map((report) => report.attemptId)).toEqual([good.attemptId, alsoGood.attemptId]);
    expect(after?.reports.map((report) => report.segments.length)).toEqual([0, 0]);

    const triesBefore = peer.reports.filter((report) => report.attemptId === bad.attemptId).length;
    for (let second = 0; second < 30; second++) await time.pass();
    await time.pass();
    const tries = peer.reports.filter((report) => report.attemptId === bad.attemptId).length;
    expect(tries - triesBefore).toBeLessThanOrEqual(2);
    expect(tries - triesBefore).toBeGreaterThanOrEqual(1);
  });

  test('settle ends with its signal when nobody acknowledges', async () => {
    peer.onReports = () => 'never';
    const recording = added();
    recording.end(finished);
    await client.settle(AbortSignal.timeout(50));
    expect(client.holds).toHaveLength(1);
  });
});
