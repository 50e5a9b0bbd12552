/** Starts that are sent again. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import * as recordingsRoute from '../../api/v1/recordings/route.ts';
import { callRoute } from '../testing/call-route.ts';
import { type JoinedParticipant, joinRoom } from '../testing/join-room.ts';
import { type TestControl, testControl } from '../testing/test-control.ts';
import { useControlPlane } from '../testing/use-control-plane.ts';

let control: TestControl;
const joined: JoinedParticipant[] = [];
const room = `idempotency ${crypto.randomUUID()}`;
beforeAll(async () => {
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit: inject('livekit') });
  useControlPlane(control);
  for (const identity of ['ann', 'bob', 'cleo']) joined.push(await joinRoom(inject('livekit'), room, identity));
});
afterAll(async () => {
  await Promise.all(joined.map((participant) => participant.leave()));
  await control.close();
});

const start = (identity: string, key: string, change: object = {}) =>
  callRoute(recordingsRoute.POST, { headers: { 'idempotency-key': key }, json: { room, identity, ...change } });
const countOf = async (identity: string) => {
  const [row] = await control.database.sql<{ count: string }>`
    select count(*) from recordings where identity = ${identity} and room = ${room}`;
  return Number(row?.count);
};

test('the same start is answered the same, and starts nothing twice', async () => {
  const first = await start('ann', 'one');
  const again = await start('ann', 'one');
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(await again.json()).toEqual(await first.json());
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(await countOf('ann')).toBe(1);
  expect((await start('ann', 'two')).status).toBe(409);
});

test('the same key with another body is refused', async () => {
  const other = await start('ann', 'one', { maxDurationMs: 5000 });
  expect(other.status).toBe(422);
  expect(await other.json()).toMatchObject({ detail: expect.stringContaining('Use a new one') });
});

test('many at once with the same key are one start', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => start('bob', 'at once')));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: string }).id));
  expect(new Set(ids).size).toBe(1);
  expect(await countOf('bob')).toBe(1);
});

test('a refusal is not kept: what was not possible then may be possible now', async () => {
  expect((await start('not here yet', 'early')).status).toBe(404);
  joined.push(await joinRoom(inject('livekit'), room, 'not here yet'));
  await expect.poll(async () => (await start('not here yet', 'early')).status).toBe(201);
});

test('after a day a key means nothing any more', async () => {
  expect((await start('cleo', 'old')).status).toBe(201);
  await control.database.sql`update idempotency_keys set created_at = now() - interval '25 hours'`;
  expect((await start('cleo', 'old', { maxDurationMs: 5000 })).status).toBe(409);
});

test.each(['', 'x'.repeat(256)])('a key of a length that none has is refused', async (key) => {
  expect((await start('ann', key)).status).toBe(400);
});
