import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { participantKey } from './participant-key.ts';
import { insertRecording } from './queries/insert-recording.ts';
import { listRecordings } from './queries/list-recordings.ts';
import { events, recordings } from './schema.ts';
import { type FreshDatabase, freshDatabase } from './testing/fresh-database.ts';
import { oddNames } from './testing/odd-names.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase(inject('postgresUrl'));
});
afterAll(() => database.drop());

function newRecording(room: string, identity: string) {
  return {
    room,
    identity,
    participantKey: participantKey(room, identity),
    origin: 'api' as const,
    wantedTracks: ['camera' as const],
    reconnectWindowMs: 0,
  };
}

test.each(oddNames)('keeps and finds the name %j', async (name) => {
  const row = await insertRecording(database.db, newRecording(name, `${name}2`));
  expect(row).toMatchObject({ room: name, identity: `${name}2` });
  const found = await listRecordings(database.db, { room: name, identity: `${name}2`, limit: 10 });
  expect(found.map((recording) => recording.id)).toEqual([row?.id]);
});

test('finds part of a name without regard to case, and takes wildcards for what they are', async () => {
  await insertRecording(database.db, newRecording('Sprint 100% Review', 'Ann'));
  await insertRecording(database.db, newRecording('Sprint 1000 Review', 'Bob\\\0'));
  const rooms = async (text: string) =>
    (await listRecordings(database.db, { text, limit: 50 })).map((recording) => recording.room);
  expect(await rooms('100% rev')).toEqual(['Sprint 100% Review']);
  expect(await rooms('bob\\\0')).toEqual(['Sprint 1000 Review']);
});

test('text of any kind inside JSON comes back as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' }), async (value, text) => {
      const data = { value, text: text.toWellFormed(), [`key ${text.toWellFormed()}`]: '\0' };
      const [row] = await database.db
        .insert(events)
        .values({ recordingId: '00000000-0000-4000-8000-000000000000', type: 'recording.updated', data })
        .returning();
      expect(row?.data).toEqual(JSON.parse(JSON.stringify(data)));
    }),
    { numRuns: 60 },
  );
});

test('a time to the millisecond survives, so that a cursor can say it', async () => {
  const row = await insertRecording(database.db, newRecording('cursor', 'one'));
  const [same] = await database.db
    .select()
    .from(recordings)
    .where(eq(recordings.requestedAt, row?.requestedAt ?? new Date(0)));
  expect(same?.id).toBe(row?.id);
});
