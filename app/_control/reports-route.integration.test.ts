/** Who may report, and what is refused before it is looked at. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type ReportReply, reportReplySchema } from '../../recorder/contract/report.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import * as reportsRoute from '../api/recorder/reports/route.ts';
import { beginRecording } from './begin-recording.ts';
import { getRecording } from './get-recording.ts';
import { callRoute } from './testing/call-route.ts';
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

const worker = 'the token of the workers';
const claim = { workerId: randomUUID(), freeSlots: 10, holds: [], waitMs: 0 };
const send = (json: unknown, bearer?: string) =>
  callRoute(reportsRoute.POST, { as: 'nobody', json, headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });

let tasks: RecordTask[];
beforeEach(async () => {
  for (const identity of ['ann', 'bob']) {
    await beginRecording(control.database.db, wishOf({ room: randomUUID(), identity }));
  }
  const answer = await send({ claim, reports: [] }, worker);
  tasks = reportReplySchema.parse(await answer.json()).tasks.filter((task) => task.kind === 'record');
  expect(tasks).toHaveLength(2);
});

test('without a token, with a wrong one, an API key or a join token: 401', async () => {
  for (const bearer of [undefined, 'wrong', 'the key of the administrator', tasks[0]?.livekit.token]) {
    expect((await send({ reports: [] }, bearer)).status).toBe(401);
  }
});

test('a report token is good for its own attempt, and for nothing else', async () => {
  const [own, other] = tasks;
  if (!own || !other) throw new Error('There are two tasks');
  const accepted = (await (await send({ reports: [reportOf(own)] }, own.reportToken)).json()) as ReportReply;
  expect(accepted).toMatchObject({ attempts: [{ attemptId: own.attemptId, accepted: true }], tasks: [] });
  for (const body of [
    { reports: [] },
    { claim, reports: [] },
    { claim, reports: [reportOf(own)] },
    { previews: { isFree: true, done: [] }, reports: [reportOf(own)] },
    { reports: [reportOf(other)] },
    { reports: [reportOf(own), reportOf(other)] },
  ]) {
    expect((await send(body, own.reportToken)).status).toBe(401);
  }
  // It calls itself the other attempt with its own token: that token is not the other's.
  const forged = await send({ reports: [{ ...reportOf(other), reportToken: own.reportToken }] }, own.reportToken);
  expect(await forged.json()).toMatchObject({ attempts: [{ command: 'abandon', accepted: false }] });
  expect((await getRecording(control, other.recordingId)).status).toBe('starting');
});

test.each([
  [{}, 400],
  [{ reports: [{}] }, 400],
  [{ reports: 'none' }, 400],
  [{ claim: { workerId: 'w', freeSlots: 1, holds: [], waitMs: 0 }, reports: [] }, 400],
  [{ claim: { ...claim, waitMs: 3_600_000 }, reports: [] }, 400],
  [{ claim: { ...claim, freeSlots: -1 }, reports: [] }, 400],
])('the batch %j is %i', async (batch, status) => {
  expect((await send(batch, worker)).status).toBe(status);
});

test('a report whose numbers cannot be is refused as a whole', async () => {
  const [task] = tasks;
  if (!task) throw new Error('There is a task');
  for (const change of [
    { epoch: 0 },
    { state: 'dreaming' },
    { stats: {} },
    { segments: [segmentOf(task, 0)] },
    { segments: Array.from({ length: 1001 }, (_, index) => segmentOf(task, index + 1)) },
  ]) {
    expect((await send({ reports: [{ ...reportOf(task), ...change }] }, worker)).status).toBe(400);
  }
});
