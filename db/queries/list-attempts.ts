import { asc, inArray } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type AttemptRow, attempts } from '../schema.ts';

/** All attempts of these recordings, each recording's oldest first. */
export async function listAttempts(db: Queryable, recordingIds: readonly string[]): Promise<AttemptRow[]> {
  if (recordingIds.length === 0) return [];
  return db
    .select()
    .from(attempts)
    .where(inArray(attempts.recordingId, [...recordingIds]))
    .orderBy(asc(attempts.epoch));
}
