/** Against a real LiveKit server: who is there, who may be recorded, who is recorded by rule. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { listRecordings as listRows } from '../../db/queries/list-recordings.ts';
import { oddNames } from '../../db/testing/odd-names.ts';
import * as recordingsRoute from '../api/v1/recordings/route.ts';
import * as viewerTokenRoute from '../api/v1/rooms/[room]/viewer-token/route.ts';
import * as roomsRoute from '../api/v1/rooms/route.ts';
import * as testRuleRoute from '../api/v1/rules/test/route.ts';
import { liveRoomSchema, pageOf, type Recording, recordingSchema, viewerTokenSchema } from './api.ts';
import { stopRecording } from './command-recording.ts';
import { deleteRecording } from './delete-recording.ts';
import { exchangeReports } from './exchange-reports.ts';
import { expireAttempts } from './expire-attempts.ts';
import { getRecording } from './get-recording.ts';
import { reconcile } from './reconcile.ts';
import { createRule, deleteRule, listRules } from './rules.ts';
import { ruleVerdictSchema } from './rules-api.ts';
import { callRoute } from './testing/call-route.ts';
import { type JoinedParticipant, joinRoom } from './testing/join-room.ts';
import { reportOf } from './testing/report-of.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';
import { LEASE_MS } from './timing.ts';

let control: TestControl;
const livekit = inject('livekit');
const present: JoinedParticipant[] = [];
const steady = { steadyForMs: LEASE_MS };

beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit });
  useControlPlane(control);
});
afterAll(() => control.close());

let room: string;
beforeEach(async () => {
  room = randomUUID();
  await control.database.sql`truncate recordings, rules, settled_participants cascade`;
});
afterEach(async () => {
  await Promise.all(present.splice(0).map((participant) => participant.leave()));
});

async function join(...args: Parameters<typeof joinRoom> extends [unknown, ...infer Rest] ? Rest : never) {
  const participant = await joinRoom(livekit, ...args);
  present.push(participant);
  return participant;
}

const start = (json: object) => callRoute(recordingsRoute.POST, { json });
const recordingsOf = (name = room) => listRows(control.database.db, { room: name, limit: 10 });

async function claim() {
  await control.tasks.settled();
  const reply = await exchangeReports(
    control,
    { claim: { workerId: randomUUID(), freeSlots: 10, holds: [], waitMs: 0 }, reports: [] },
    new AbortController().signal,
  );
  return reply.tasks.filter((task) => task.kind === 'record');
}

/** The back-off between attempts is over. */
const availableNow = () => control.database.sql`update attempts set available_at = now() where state = 'queued'`;

const expireLeases = () =>
  control.database
    .sql`update attempts set lease_expires_at = now() - interval '1 second' where lease_expires_at is not null`;

test('a room or participant that is not there is 404 with a sentence that says which', async () => {
  const noRoom = await start({ room, identity: 'ann' });
  expect([noRoom.status, await noRoom.text()]).toEqual([404, expect.stringMatching(/no such room/)]);
  await join(room, 'ann');
  const nobody = await start({ room, identity: 'bob' });
  expect([nobody.status, await nobody.text()]).toEqual([404, expect.stringMatching(/not in the room/)]);
});

test('a start is 201 with the recording, a second one 409 with its id, also when ten come at once', async () => {
  await join(room, 'ann');
  const answers = await Promise.all(Array.from({ length: 10 }, () => start({ room, identity: 'ann' })));
  const created = answers.filter((answer) => answer.status === 201);
  expect(created).toHaveLength(1);
  const recording = recordingSchema.parse(await created[0]?.json());
  expect(recording).toMatchObject({ room, identity: 'ann', status: 'requested', origin: 'api', mediaUrl: null });
  expect(created[0]?.headers.get('location')).toBe(`/api/v1/recordings/${recording.id}`);
  for (const answer of answers.filter((other) => other.status !== 201)) {
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ recordingId: recording.id });
  }
});

test.each(oddNames.filter((name) => name.trim() === name))(
  'the room and participant %j can be recorded',
  async (name) => {
    await join(name, name);
    const started = await start({ room: name, identity: name });
    expect(started.status).toBe(201);
    expect(await started.json()).toMatchObject({ room: name, identity: name });
    const [task] = await claim();
    expect(task).toMatchObject({ room: name, identity: name });
    expect(task?.objectPrefix).toMatch(/^recordings\/[0-9a-f-]{36}\/[0-9a-f-]{36}\/$/);
  },
);

test('a recorder or hidden watcher cannot be recorded and is not listed', async () => {
  await join(room, 'ann');
  await join(room, 'watcher', { grant: { hidden: true } });
  await join(room, 'recorder-1', { grant: { hidden: true, recorder: true } });
  expect((await start({ room, identity: 'watcher' })).status).toBe(404);
  expect((await start({ room, identity: 'recorder-1' })).status).toBe(404);
  const { rooms } = await control.rooms.refresh();
  const seen = rooms.find((candidate) => candidate.name === room);
  expect(seen?.participants.map((participant) => participant.identity)).toEqual(['ann']);
});

test('rooms are listed with their participants and who is being recorded', async () => {
  await join(room, 'ann', { metadata: '{"team":"blue"}' });
  await join(room, 'bob', { grant: { canPublish: false } });
  const { id } = (await (await start({ room, identity: 'ann' })).json()) as Recording;
  await control.rooms.refresh();
  const listed = pageOf(liveRoomSchema).parse(await (await callRoute(roomsRoute.GET)).json());
  expect(listed.items.find((candidate) => candidate.name === room)?.participants).toMatchObject([
    { identity: 'ann', kind: 'standard', canPublish: true, metadata: '{"team":"blue"}', recordingId: id },
    { identity: 'bob', canPublish: false, recordingId: null },
  ]);
});

test('a viewer token is short-lived, hidden and cannot publish; without the room there is none', async () => {
  expect((await callRoute(viewerTokenRoute.POST, { method: 'POST', params: { room } })).status).toBe(404);
  await join(room, 'ann');
  const answer = await callRoute(viewerTokenRoute.POST, { method: 'POST', params: { room } });
  const { token } = viewerTokenSchema.parse(await answer.json());
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims.video).toMatchObject({ room, roomJoin: true, hidden: true, canPublish: false, canPublishData: false });
  expect(claims.exp - claims.nbf).toBeLessThanOrEqual(600);
});

test('the reconciler records whom a webhook was lost for, once', async () => {
  await createRule(control, { name: 'r', roomPattern: `${room.slice(0, 8)}*`, identityPattern: 'a??' });
  await join(room, 'ann');
  await join(room, 'bob');
  expect(await reconcile(control)).toMatchObject({ begun: 1 });
  expect(await reconcile(control)).toMatchObject({ begun: 0 });
  expect(await recordingsOf()).toMatchObject([{ identity: 'ann', origin: 'rule', status: 'requested' }]);
});

test('a rule is tried out on who is there, or on somebody who is named, and nothing happens', async () => {
  const first = await createRule(control, { name: 'first', roomPattern: room, identityPattern: 'a*' });
  await Promise.all([join(room, 'ann'), join(room, 'bob'), join(room, 'watcher', { grant: { canPublish: false } })]);
  await control.rooms.refresh();
  const rule = { roomPattern: room, identityPattern: '*' };
  const tryOut = async (json: object) => {
    const answer = pageOf(ruleVerdictSchema).parse(await (await callRoute(testRuleRoute.POST, { json })).json());
    const here = answer.items.filter((verdict) => verdict.room === room);
    return new Map(here.map(({ identity, because, earlierRuleId }) => [identity, earlierRuleId ?? because]));
  };
  expect(await tryOut({ rule })).toEqual(
    new Map([
      ['ann', first.id],
      ['bob', null],
      ['watcher', 'cannot-publish'],
    ]),
  );
  expect((await tryOut({ rule, ruleId: first.id })).get('ann')).toBeNull();
  const participant = { room, identity: 'cy', kind: 'sip' };
  expect(await tryOut({ rule, participant })).toEqual(new Map([['cy', 'kind']]));
  expect(await tryOut({ rule: { ...rule, kinds: ['sip'] }, participant })).toEqual(new Map([['cy', null]]));
  expect((await callRoute(testRuleRoute.POST, { json: { rule: { roomPattern: '*' } } })).status).toBe(400);
  expect((await listRules(control)).map(({ name }) => name)).toEqual(['first']);
  expect(await recordingsOf()).toEqual([]);
});

test.each([
  ['a rule that is off', { enabled: false }],
  ['a rule for another room', { roomPattern: 'elsewhere' }],
  ['a rule for other kinds', { kinds: ['sip' as const] }],
  ['a rule for other metadata', { metadata: { team: 'red' } }],
])('%s records nobody', async (_, change) => {
  await createRule(control, { name: 'r', roomPattern: room, identityPattern: '*', ...change });
  await join(room, 'ann', { metadata: '{"team":"blue"}' });
  await join(room, 'watcher', { grant: { canPublish: false } });
  expect(await reconcile(control)).toMatchObject({ begun: 0 });
});

test('who stopped, finished as absent, or deleted a recording does not get another one for the same join', async () => {
  await createRule(control, { name: 'r', roomPattern: room, identityPattern: '*' });
  await Promise.all(['stopped', 'absent', 'deleted'].map((identity) => join(room, identity)));
  expect(await reconcile(control)).toMatchObject({ begun: 3 });
  const ids = new Map((await recordingsOf()).map((row) => [row.identity, row.id]));
  const tasks = await claim();
  const finish = async (identity: string) => {
    const task = tasks.find((candidate) => candidate.identity === identity);
    if (!task) throw new Error('The recording was not handed out');
    const outcome = { kind: 'absent' as const, message: 'Never published.' };
    await exchangeReports(
      control,
      { reports: [reportOf(task, { state: 'ended', outcome })] },
      new AbortController().signal,
    );
  };
  await stopRecording(control, ids.get('stopped') ?? '');
  for (const identity of ids.keys()) await finish(identity);
  await deleteRecording(control, ids.get('deleted') ?? '');
  expect(await reconcile(control)).toMatchObject({ begun: 0 });
  expect(await recordingsOf()).toHaveLength(2);
});

test('who left and joins again is recorded again', async () => {
  await createRule(control, { name: 'r', roomPattern: room, identityPattern: '*' });
  const first = await join(room, 'ann');
  await reconcile(control);
  const [row] = await recordingsOf();
  await stopRecording(control, row?.id ?? '');
  await first.leave();
  await join(room, 'ann');
  expect(await reconcile(control)).toMatchObject({ begun: 1 });
  expect(await recordingsOf()).toHaveLength(2);
});

test('two processes that reconcile at once do it once', async () => {
  await createRule(control, { name: 'r', roomPattern: room, identityPattern: '*' });
  for (let index = 0; index < 5; index++) await join(room, `participant ${index}`);
  const done = await Promise.all([reconcile(control), reconcile(control), reconcile(control)]);
  expect(done.reduce((sum, one) => sum + (one?.begun ?? 0), 0)).toBe(5);
  expect(done).toContain(undefined);
});

test('a lost recorder is replaced at once; three that stored nothing, and it fails and says so', async () => {
  await join(room, 'ann');
  const { id } = (await (await start({ room, identity: 'ann' })).json()) as Recording;
  for (const epoch of [1, 2, 3]) {
    await availableNow();
    const [task] = await claim();
    expect(task).toMatchObject({ recordingId: id, epoch });
    expect(await expireAttempts(control, steady)).toEqual({ goOn: 0, over: 0 });
    await expireLeases();
    expect(await expireAttempts(control, steady)).toEqual(epoch < 3 ? { goOn: 1, over: 0 } : { goOn: 0, over: 1 });
    if (!task) throw new Error('The recording was not handed out');
    // It was only stopped for a while: it hears that it is not its own any more.
    const reply = await exchangeReports(control, { reports: [reportOf(task)] }, new AbortController().signal);
    expect(reply.attempts).toMatchObject([{ command: epoch < 3 ? 'abandon' : 'discard' }]);
  }
  expect(await getRecording(control, id)).toMatchObject({
    status: 'failed',
    error: { reason: 'control.recorder-lost', message: expect.stringMatching(/stopped reporting/) },
  });
});

test('a lost recorder whose participant has left for good, or that was told to stop, is not replaced', async () => {
  const ann = await join(room, 'ann');
  await join(room, 'bob');
  await start({ room, identity: 'ann' });
  await control.database.sql`update recordings set reconnect_window_ms = 0`;
  const { id } = (await (await start({ room, identity: 'bob' })).json()) as Recording;
  await claim();
  await ann.leave();
  await control.rooms.refresh();
  await stopRecording(control, id);
  await expireLeases();
  expect(await expireAttempts(control, steady)).toEqual({ goOn: 0, over: 2 });
  for (const row of await recordingsOf()) expect(row).toMatchObject({ status: 'failed' });
});

test('a lost recorder whose participant may come back is replaced', async () => {
  const ann = await join(room, 'ann');
  await start({ room, identity: 'ann' });
  await claim();
  await ann.leave();
  await control.rooms.refresh();
  await expireLeases();
  expect(await expireAttempts(control, steady)).toEqual({ goOn: 1, over: 0 });
});

test('leases that ran out while nobody could renew them are given time', async () => {
  await join(room, 'ann');
  await start({ room, identity: 'ann' });
  const [task] = await claim();
  await expireLeases();
  expect(await expireAttempts(control, { steadyForMs: LEASE_MS - 1 })).toEqual({ goOn: 0, over: 0 });
  if (!task) throw new Error('The recording was not handed out');
  const reply = await exchangeReports(control, { reports: [reportOf(task)] }, new AbortController().signal);
  expect(reply.attempts).toMatchObject([{ command: 'continue', accepted: true }]);
  expect(await expireAttempts(control, steady)).toEqual({ goOn: 0, over: 0 });
});

test('what waits for a recorder until its participant has left fails and says what to do', async () => {
  const ann = await join(room, 'ann');
  const { id } = (await (await start({ room, identity: 'ann' })).json()) as Recording;
  await control.database.sql`update attempts set available_at = now() - interval '20 seconds'`;
  await control.rooms.refresh();
  expect(await expireAttempts(control, steady)).toEqual({ goOn: 0, over: 0 });
  await ann.leave();
  await control.rooms.refresh();
  expect(await expireAttempts(control, steady)).toEqual({ goOn: 0, over: 1 });
  expect(await getRecording(control, id)).toMatchObject({
    status: 'failed',
    error: { reason: 'control.no-recorder', message: expect.stringMatching(/Start more workers/) },
  });
});

test('there are no more rules than are looked at for every participant', async () => {
  const rule = { name: 'r', roomPattern: room, identityPattern: '*' };
  const { id } = await createRule(control, rule);
  await control.database.sql`
    insert into rules (name, enabled, room_pattern, identity_pattern, kinds, tracks, reconnect_window_ms)
    select name, false, room_pattern, identity_pattern, kinds, tracks, reconnect_window_ms
    from rules, generate_series(2, 1000) where id = ${id}`;
  await expect(createRule(control, rule)).rejects.toThrow('There can be 1000 rules at most.');
  await deleteRule(control, id);
  await createRule(control, rule);
});

test('a deleted rule records nobody any more', async () => {
  const rule = await createRule(control, { name: 'r', roomPattern: room, identityPattern: '*' });
  await deleteRule(control, rule.id);
  expect(await listRules(control)).toEqual([]);
  await join(room, 'ann');
  expect(await reconcile(control)).toMatchObject({ begun: 0 });
});
