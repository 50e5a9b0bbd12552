import { and, asc, eq, isNull, notInArray, or } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { finalStates } from '../recording-states.ts';
import { attempts, recordings } from '../schema.ts';

/** Recordings that are not over and that no attempt works on or waits to work on, oldest first. */
export async function listUnownedRecordings(db: Queryable): Promise<string[]> {
  const rows = await db
    .select({ id: recordings.id })
    .from(recordings)
    .leftJoin(attempts, and(eq(attempts.recordingId, recordings.id), eq(attempts.epoch, recordings.epoch)))
    .where(and(notInArray(recordings.status, [...finalStates]), or(isNull(attempts.id), eq(attempts.state, 'ended'))))
    .orderBy(asc(recordings.requestedAt))
    .limit(200);
  return rows.map((row) => row.id);
}
