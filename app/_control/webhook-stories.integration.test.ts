/**
 * Webhooks are hints. Whatever becomes of them on their way (another order, twice, late, never), what is recorded in the end is
 * what LiveKit's rooms say.
 */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { listRecordings } from '../../db/queries/list-recordings.ts';
import * as webhookRoute from '../api/livekit/webhook/route.ts';
import { reconcile } from './reconcile.ts';
import { createRule } from './rules.ts';
import { type JoinedParticipant, joinRoom } from './testing/join-room.ts';
import { poolOf } from './testing/pool-of.ts';
import { signWebhook } from './testing/sign-webhook.ts';
import { type TestControl, testControl } from './testing/test-control.ts';
import { useControlPlane } from './testing/use-control-plane.ts';

let control: TestControl;
let ann: JoinedParticipant;
let annsSid: string;
const pool = poolOf(() => control);
const room = `stories ${randomUUID()}`;

beforeAll(async () => {
  const livekit = inject('livekit');
  control = await testControl({ postgresUrl: inject('postgresUrl'), livekit });
  useControlPlane(control);
  await createRule(control, { name: 'all', roomPattern: room, identityPattern: '*' });
  ann = await joinRoom(livekit, room, 'ann');
  const { rooms } = await control.rooms.refresh();
  annsSid = rooms.find(({ name }) => name === room)?.participants[0]?.sid ?? '';
  expect(annsSid).not.toBe('');
});
afterAll(async () => {
  await ann.leave();
  await control.close();
});

interface Hint {
  event: string;
  sid: string;
  identity: string;
}

const story = (identity: string, sid: string, events: string[]): Hint[] =>
  events.map((event) => ({ event, sid, identity }));

async function deliver({ event, sid, identity }: Hint, options: { id: string; ageS: number }): Promise<void> {
  const body = JSON.stringify({
    event,
    id: options.id,
    createdAt: String(Math.floor(Date.now() / 1000) - options.ageS),
    room: { sid: 'RM_1', name: room },
    participant: { sid, identity, state: 'ACTIVE', permission: { canPublish: true, canSubscribe: true } },
  });
  const headers = {
    'content-type': 'application/webhook+json',
    authorization: await signWebhook(control.environment, body),
  };
  const request = new Request('http://recorder.test/api/livekit/webhook', { method: 'POST', headers, body });
  expect((await webhookRoute.POST(request)).status).toBe(200);
}

/** A recorder that finds nobody says so; the others record. */
async function letRecordersLook(): Promise<void> {
  for (const task of await pool.claim(10)) {
    if (task.kind !== 'record') throw new Error('There is nothing to join');
    if (task.identity === 'ann') await pool.report(task, { captureAgeMs: 1000 });
    else await pool.report(task, { state: 'ended', outcome: { kind: 'absent', message: 'Nobody came.' } });
  }
}

async function statuses(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = { ann: [], bob: [] };
  for (const { identity, status } of await listRecordings(control.database.db, { room, limit: 100 })) {
    found[identity]?.push(status);
  }
  return found;
}

test('every order, repetition and loss of the hints of a story ends in the same state', async () => {
  // Ann was there, left, and came back: she is in the room. Bob came and went.
  const hints = [
    ...story('ann', 'PA_before', ['participant_joined', 'track_published', 'participant_left']),
    ...story('ann', annsSid, ['participant_joined', 'track_published']),
    ...story('bob', 'PA_bob', ['participant_joined', 'track_published', 'track_unpublished', 'participant_left']),
  ];
  // Each hint is delivered up to twice, at any place among the others, on time or late.
  const delivery = fc.record({
    hint: fc.constantFrom(...hints.keys()),
    ageS: fc.constantFrom(0, 0, 60),
    isNewId: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(delivery, { maxLength: 14 }), fc.nat(14), async (deliveries, lookAfter) => {
      await control.database.sql`truncate recordings, settled_participants, webhook_events cascade`;
      for (const [index, { hint, ageS, isNewId }] of deliveries.entries()) {
        const told = hints[hint];
        if (told) await deliver(told, { id: isNewId ? randomUUID() : `EV_${hint}`, ageS });
        await control.tasks.settled();
        if (index === lookAfter) await letRecordersLook();
      }
      await reconcile(control);
      await letRecordersLook();
      await reconcile(control);
      await letRecordersLook();
      const { ann: ofAnn = [], bob: ofBob = [] } = await statuses();
      // One recording of who is there.
      expect(ofAnn.filter((status) => status === 'recording')).toEqual(['recording']);
      expect(ofAnn).toHaveLength(1);
      // None of who is not: at most one that began before it was known, and says that nobody came.
      expect(['', 'absent']).toContain(ofBob.join());
    }),
    { numRuns: 20 },
  );
});

test('a leave that comes before its join leaves no trace', async () => {
  await control.database.sql`truncate recordings, settled_participants, webhook_events cascade`;
  for (const event of ['participant_left', 'participant_joined']) {
    await deliver({ event, sid: 'PA_bob', identity: 'bob' }, { id: randomUUID(), ageS: 0 });
    await control.tasks.settled();
  }
  expect((await statuses()).bob).toEqual([]);
});

test('a join that comes late, of who has left meanwhile, leaves no trace', async () => {
  await control.database.sql`truncate recordings, settled_participants, webhook_events cascade`;
  await deliver({ event: 'participant_joined', sid: 'PA_bob', identity: 'bob' }, { id: randomUUID(), ageS: 60 });
  await control.tasks.settled();
  expect((await statuses()).bob).toEqual([]);
});
