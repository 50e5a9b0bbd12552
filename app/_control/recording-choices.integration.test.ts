/** What is chosen for a recording reaches its recorder, and what the recorder says of it reaches the API and the metrics. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { recordings } from '../../db/schema.ts';
import { noFigures } from '../../recorder/contract/add-figures.ts';
import type { FinishedMedia, TrackSummary } from '../../recorder/contract/media.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import * as metricsRoute from '../api/metrics/route.ts';
import * as mediaRoute from '../api/v1/recordings/[id]/media/route.ts';
import * as pauseRoute from '../api/v1/recordings/[id]/pause/route.ts';
import * as resumeRoute from '../api/v1/recordings/[id]/resume/route.ts';
import * as recordingRoute from '../api/v1/recordings/[id]/route.ts';
import * as rulesRoute from '../api/v1/rules/route.ts';
import { type Recording, recordingSchema, ruleSchema } from './api.ts';
import { applyRules } from './apply-rules.ts';
import { beginRecording } from './begin-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { callRoute } from './testing/call-route.ts';
import { reportOf, segmentOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { wishOf } from './testing/wish-of.ts';

let control: TestControl;
let room: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl') });
  useControlPlane(control);
});
afterAll(() => control.close());
beforeEach(async () => {
  room = randomUUID();
  await control.database.sql`truncate recordings cascade`;
});

async function claim(): Promise<RecordTask> {
  const claim = { workerId: randomUUID(), freeSlots: 1, holds: [], waitMs: 0 };
  const [task] = (await exchangeReports(control, { claim, reports: [] }, signal)).tasks;
  if (task?.kind !== 'record') throw new Error('The recording was not handed out');
  return task;
}

async function beginAndClaim(wish: Partial<Parameters<typeof beginRecording>[1]> = {}): Promise<RecordTask> {
  await beginRecording(control.database.db, wishOf({ room, identity: 'ann', ...wish }));
  return claim();
}

async function report(...args: Parameters<typeof reportOf>) {
  return (await exchangeReports(control, { reports: [reportOf(...args)] }, signal)).attempts[0];
}

async function get(task: RecordTask): Promise<Recording> {
  const response = await callRoute(recordingRoute.GET, { params: { id: task.recordingId } });
  return recordingSchema.strict().parse(await response.json());
}

const post = (route: { POST: Parameters<typeof callRoute>[0] }, task: RecordTask, json?: unknown) =>
  callRoute(route.POST, { method: 'POST', params: { id: task.recordingId }, ...(json !== undefined && { json }) });

function track(change: Partial<TrackSummary> = {}): TrackSummary {
  const camera = { medium: 'camera', source: 'camera', kind: 'video', codec: 'vp8', resolutions: [] } as const;
  return { ...noFigures(), ...camera, resolutions: [], ...change };
}

describe('pause and resume', () => {
  test.each([
    ['no body', undefined, 'resume'],
    ['{}', {}, 'resume'],
    ['cutTime false', { cutTime: false }, 'resume'],
    ['cutTime true', { cutTime: true }, 'resume-cut'],
  ])('with %s the recorder is told', async (_, body, command) => {
    const task = await beginAndClaim();
    await report(task);
    expect((await post(pauseRoute, task)).status).toBe(200);
    expect(await report(task, { state: 'paused' })).toMatchObject({ command: 'pause' });
    expect((await get(task)).status).toBe('paused');
    expect((await post(resumeRoute, task, body)).status).toBe(200);
    expect(await report(task)).toMatchObject({ command });
    expect((await get(task)).status).toBe('recording');
  });

  test('twice is once, and how a pause was ended is not decided twice', async () => {
    const task = await beginAndClaim();
    await report(task);
    // Not paused: nothing to resume.
    expect((await post(resumeRoute, task, { cutTime: true })).status).toBe(200);
    expect(await report(task)).toMatchObject({ command: 'continue' });
    await post(pauseRoute, task);
    await post(pauseRoute, task);
    expect(await report(task)).toMatchObject({ command: 'pause' });
    await post(resumeRoute, task, { cutTime: true });
    expect((await post(resumeRoute, task)).status).toBe(200);
    expect(await report(task)).toMatchObject({ command: 'resume-cut' });
  });

  test('a body that is not understood changes nothing and is told', async () => {
    const task = await beginAndClaim();
    await report(task);
    await post(pauseRoute, task);
    for (const body of [{ cutTime: 'yes' }, { cut: true }, []]) {
      expect((await post(resumeRoute, task, body)).status).toBe(400);
    }
    expect(await report(task)).toMatchObject({ command: 'pause' });
  });

  test('a pause that was cut is shown with how long it was', async () => {
    const task = await beginAndClaim();
    const gap = {
      medium: 'camera',
      kind: 'video',
      reason: 'paused',
      fromMicros: 1_000_000,
      toMicros: 1_000_500,
    } as const;
    await report(task, {
      captureAgeMs: 1000,
      tracks: [track({ frames: 1 })],
      gaps: [{ ...gap, cutMicros: 61_000_000 }],
    });
    expect((await get(task)).gaps).toEqual([
      { medium: 'camera', kind: 'video', reason: 'paused', fromMs: 1000, toMs: 1001, cutMs: 61_000 },
    ]);
  });
});

describe('what is wanted of a recording', () => {
  test('reaches the recorder: tracks and what becomes of undecodable video, keep by default', async () => {
    expect(await beginAndClaim({ wantedTracks: ['microphone'], undecodable: 'drop' })).toMatchObject({
      tracks: ['microphone'],
      undecodable: 'drop',
    });
    expect(await beginAndClaim({ identity: 'bob' })).toMatchObject({ tracks: ['camera'], undecodable: 'keep' });
  });

  test('reaches the recorder from a rule too', async () => {
    const json = {
      name: 'Sound',
      roomPattern: room,
      identityPattern: '*',
      tracks: ['microphone'],
      undecodable: 'drop',
    };
    const created = await callRoute(rulesRoute.POST, { json });
    expect(ruleSchema.parse(await created.json())).toMatchObject({ tracks: ['microphone'], undecodable: 'drop' });
    await applyRules(control, room, {
      sid: `PA_${room}`,
      identity: 'ann',
      name: '',
      kind: 'standard',
      joinedAt: new Date().toISOString(),
      canPublish: true,
      metadata: '',
      tracks: [],
      hidden: false,
    } as unknown as Parameters<typeof applyRules>[2]);
    expect(await claim()).toMatchObject({ tracks: ['microphone'], undecodable: 'drop' });
  });
});

describe('the figures of a recording', () => {
  const camera = track({
    frames: 300,
    keyframes: 3,
    sizeBytes: 1_250_000,
    mediaMs: 10_000,
    packetsReceived: 1200,
    packetsRepaired: 5,
    packetsLost: 2,
    framesDropped: { undecodable: 4, 'back-pressure': 1, 'room named by somebody': 1 },
    packetsIgnored: { padding: 7 },
    presentationJitterMs: { average: 2, maximum: 11 },
    longestQuietMs: 420,
    processingMicros: 100,
    jitterMs: 1.5,
    roundTripMs: 12,
    width: 1280,
    height: 720,
    resolutions: [
      { fromMicros: 0, width: 640, height: 360 },
      { fromMicros: 1_500_400, width: 1280, height: 720 },
    ],
  });
  const microphone = track({ source: 'microphone', kind: 'audio', codec: 'opus', frames: 100, longestQuietMs: 900 });

  test('are in the API by track and for all, with rates worked out', async () => {
    const task = await beginAndClaim();
    await report(task, { captureAgeMs: 1000, tracks: [camera, microphone] });
    const { tracks, totals } = await get(task);
    expect(tracks[0]).toMatchObject({
      bitrateBps: 1_000_000,
      framesPerSecond: 30,
      framesDropped: { undecodable: 4, 'back-pressure': 1 },
      resolutions: [
        { fromMs: 0, width: 640, height: 360 },
        { fromMs: 1500, width: 1280, height: 720 },
      ],
    });
    expect(tracks[1]).toMatchObject({ bitrateBps: 0, framesPerSecond: 0 });
    expect(totals).toMatchObject({
      frames: 400,
      packetsRepaired: 5,
      longestQuietMs: 900,
      presentationJitterMs: { average: 1.5, maximum: 11 },
    });
  });

  test('of a recording from before they were kept are there with their defaults', async () => {
    const task = await beginAndClaim();
    const { mediaMs: _, resolutions: __, presentationJitterMs: ___, packetsIgnored: ____, ...old } = camera;
    await control.database.db.update(recordings).set({ tracks: [old as TrackSummary] });
    expect((await get(task)).tracks).toMatchObject([
      { frames: 300, mediaMs: 0, bitrateBps: 0, resolutions: [], packetsIgnored: {} },
    ]);
  });

  test('are none before the first frame', async () => {
    expect(await get(await beginAndClaim())).toMatchObject({ tracks: [], totals: null });
  });

  test('are counted once for Prometheus, whoever takes the report and however often, with labels of ours only', async () => {
    const value = async (line: string) => {
      const text = await (await callRoute(metricsRoute.GET)).text();
      expect(text).not.toContain(room);
      const found = text.split('\n').find((each) => each.startsWith(`${line} `));
      return Number(found?.slice(line.length + 1) ?? 0);
    };
    const frames = 'recorder_frames_total{kind="video",codec="vp8"}';
    const lost = 'recorder_packets_total{kind="video",fate="lost"}';
    const other = 'recorder_frames_dropped_total{kind="video",reason="other"}';
    const before = { frames: await value(frames), lost: await value(lost), other: await value(other) };
    const task = await beginAndClaim();
    const live = {
      source: 'camera',
      codec: 'vp8',
      bitrateBps: 1,
      framesPerSecond: 1,
      frames: 1,
      framesDropped: 0,
    } as const;
    const { stats } = reportOf(task);
    const liveTracks = [{ ...live, packetsReceived: 1, packetsRepaired: 0, packetsLost: 0 }];
    await report(task, { tracks: [{ ...camera, frames: 100, packetsLost: 1 }] });
    await report(task, { tracks: [camera], stats: { ...stats, tracks: liveTracks, roundTripMs: 12, jitterMs: 3 } });
    await report(task, { tracks: [camera], stats: { ...stats, tracks: liveTracks, roundTripMs: 12, jitterMs: 3 } });
    expect(await value(frames)).toBe(before.frames + 300);
    expect(await value(lost)).toBe(before.lost + 2);
    expect(await value(other)).toBe(before.other + 1);
    expect(await value('recorder_frames_per_second')).toBe(30);
    expect(await value('recorder_round_trip_seconds')).toBe(0.012);
    expect(await value('recorder_tracks{source="camera",codec="vp8"}')).toBe(1);
  });
});

describe('a medium whose codec changed', () => {
  test('is two files, in order, each of which can be fetched', async () => {
    const task = await beginAndClaim();
    await report(task, { segments: [segmentOf(task, 1)] });
    const media: FinishedMedia[] = [];
    for (const [name, startMs] of [
      ['camera.webm', 0],
      ['camera-2.mp4', 5000],
    ] as const) {
      const key = `${task.objectPrefix}${name}`;
      const bytes = Buffer.from(name);
      await control.store.put(key, bytes, { contentType: 'video/webm' });
      media.push({
        medium: 'camera',
        key,
        contentType: name.endsWith('webm') ? 'video/webm' : 'video/mp4',
        sizeBytes: bytes.length,
        sha256: 'b'.repeat(64),
        durationMs: 4000,
        startMs,
      });
    }
    await control.database.db.update(recordings).set({ media, status: 'ready' });
    const recording = await get(task);
    expect(recording.media).toMatchObject([
      { part: 1, startMs: 0, contentType: 'video/webm' },
      { part: 2, startMs: 5000, contentType: 'video/mp4' },
    ]);
    expect(recording.mediaUrl).toBe(recording.media[0]?.url);
    const fetched = await Promise.all(
      recording.media.map(async ({ url }) => {
        const response = await callRoute(mediaRoute.GET, { path: url, params: { id: task.recordingId } });
        return response.text();
      }),
    );
    expect(fetched).toEqual(['camera.webm', 'camera-2.mp4']);
    const missing = await callRoute(mediaRoute.GET, { path: '/?part=3', params: { id: task.recordingId } });
    expect(missing.status).toBe(404);
  });

  test('offers all its parts while it is recorded, but for a beginning too short to be one', async () => {
    const task = await beginAndClaim();
    await report(task, {
      segments: [
        segmentOf(task, 1, { endMicros: 300_000 }),
        segmentOf(task, 2, { part: 2, startMicros: 300_000, endMicros: 4_000_000 }),
        segmentOf(task, 3, { part: 3, startMicros: 4_000_000, endMicros: 6_000_000, container: 'mp4' }),
      ],
    });
    const { media, mediaUrl } = await get(task);
    expect(media.map(({ part, startMs, contentType }) => [part, startMs, contentType])).toEqual([
      [1, 300, 'video/webm'],
      [2, 4000, 'video/mp4'],
    ]);
    expect(mediaUrl).toBe(media[0]?.url);
  });
});
