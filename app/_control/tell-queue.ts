import { inArray } from 'drizzle-orm';
import { listQueue, listQueuePlaces } from '../../db/queries/list-queue.ts';
import { recordings } from '../../db/schema.ts';
import type { Control } from './control.ts';
import { presentPlace } from './present-waiting.ts';
import { recordEvents } from './record-events.ts';

/** Who waits further behind hears it when it comes closer. */
const TOLD_AT_MOST = 200;

/** What was told of each recording in the queue. */
const told = new WeakMap<Control, ReadonlyMap<string, string>>();

/** Tells those who watch when recordings wait for a recorder and what they wait for has changed. */
export async function tellQueue(control: Control): Promise<void> {
  const { db } = control.database;
  const places = await listQueuePlaces(db, await listQueue(db, TOLD_AT_MOST));
  const before = told.get(control);
  const now = new Map(places.map((place) => [place.recordingId, presentPlace(place)]));
  told.set(control, now);
  const moved = [...now.keys()].filter((id) => before?.get(id) !== now.get(id));
  if (moved.length === 0) return;
  await db.transaction(async (transaction) => {
    const rows = await transaction.select().from(recordings).where(inArray(recordings.id, moved));
    await recordEvents(transaction, rows);
  });
}
