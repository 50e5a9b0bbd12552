import { count, isNull } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import type { RecordingState } from '../recording-states.ts';
import { recordings } from '../schema.ts';

/** How many recordings are in each state. */
export async function countRecordings(db: Queryable): Promise<Map<RecordingState, number>> {
  const rows = await db
    .select({ status: recordings.status, count: count() })
    .from(recordings)
    .where(isNull(recordings.deletedAt))
    .groupBy(recordings.status);
  return new Map(rows.map((row) => [row.status, row.count]));
}
