import { and, asc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { attempts, type RecordingRow, recordings, segments } from '../schema.ts';

/** Recordings that have been ready for a while and still have what their files were made of, oldest first. */
export async function listToClean(
  db: Queryable,
  options: { readyForMs: number; limit: number },
): Promise<RecordingRow[]> {
  const rows = await db
    .select({ recording: recordings })
    .from(recordings)
    .innerJoin(attempts, and(eq(attempts.recordingId, recordings.id), eq(attempts.epoch, recordings.epoch)))
    .where(
      and(
        eq(recordings.status, 'ready'),
        isNull(recordings.cleanedAt),
        isNull(recordings.deletedAt),
        lt(attempts.endedAt, sql`now() - ${options.readyForMs} * interval '1 millisecond'`),
      ),
    )
    .orderBy(asc(recordings.stoppedAt))
    .limit(options.limit);
  return rows.map((row) => row.recording);
}

/** It is not looked at again. */
export async function markCleaned(db: Queryable, id: string, options: { removeSegments: boolean }): Promise<void> {
  await db.transaction(async (transaction) => {
    if (options.removeSegments) {
      const own = transaction.select({ id: attempts.id }).from(attempts).where(eq(attempts.recordingId, id));
      await transaction.delete(segments).where(inArray(segments.attemptId, own));
    }
    await transaction.update(recordings).set({ cleanedAt: sql`now()` }).where(eq(recordings.id, id));
  });
}
