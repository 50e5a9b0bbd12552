import { desc, notInArray } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { finalStates } from '../recording-states.ts';
import { type RecordingRow, recordings } from '../schema.ts';

/** All that are not in a final state, newest first: what is recording, waits for it, or is being finished. */
export function listUnfinishedRecordings(db: Queryable): Promise<RecordingRow[]> {
  return db
    .select()
    .from(recordings)
    .where(notInArray(recordings.status, [...finalStates]))
    .orderBy(desc(recordings.requestedAt), desc(recordings.id))
    .limit(10_000);
}
