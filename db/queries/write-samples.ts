import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { attempts, type SampleRow, samples } from '../schema.ts';

export async function insertSample(db: Queryable, sample: SampleRow): Promise<void> {
  await db.insert(samples).values(sample).onConflictDoNothing();
}

/** Of those in the same interval only the first stays: they are sums, so nothing else is lost. */
export async function thinSamples(db: Queryable, attemptId: string, intervalMs: number): Promise<void> {
  await db.execute(sql`
    delete from samples as later using samples as first
    where later.attempt_id = ${attemptId} and first.attempt_id = ${attemptId}
      and first.at_ms < later.at_ms
      and first.at_ms / ${intervalMs}::integer = later.at_ms / ${intervalMs}::integer`);
}

/** Of all attempts of a recording, each one's in order of time. */
export async function listSamples(db: Queryable, recordingId: string): Promise<SampleRow[]> {
  const own = db.select({ id: attempts.id }).from(attempts).where(eq(attempts.recordingId, recordingId));
  return db.select().from(samples).where(inArray(samples.attemptId, own)).orderBy(asc(samples.atMs));
}
