import { and, asc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { finalStates } from '../recording-states.ts';
import { deletedRecordings, recordings, settledParticipants } from '../schema.ts';

/**
 * Hides recordings until their rows are gone. Their participants' sessions are remembered, so that no rule starts what
 * somebody just deleted.
 */
export async function markDeleted(db: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await db
    .update(recordings)
    .set({ deletedAt: sql`now()` })
    .where(inArray(recordings.id, [...ids]))
    .returning({ participantSid: recordings.participantSid });
  const settled = rows.flatMap(({ participantSid }) => (participantSid ? [{ participantSid }] : []));
  if (settled.length > 0) await db.insert(settledParticipants).values(settled).onConflictDoNothing();
}

/** Marks recordings whose time is over, on the database's clock. `retainDays`: for those that say nothing themselves. */
export async function markExpired(
  db: Queryable,
  options: { retainDays: number | undefined; limit: number },
): Promise<string[]> {
  const byDefault =
    options.retainDays === undefined
      ? undefined
      : and(
          isNull(recordings.retainUntil),
          // Says less, and has an index.
          lt(recordings.requestedAt, sql`now() - ${options.retainDays} * interval '1 day'`),
          lt(
            sql`coalesce(${recordings.stoppedAt}, ${recordings.requestedAt})`,
            sql`now() - ${options.retainDays} * interval '1 day'`,
          ),
        );
  const rows = await db
    .select({ id: recordings.id })
    .from(recordings)
    .where(
      and(
        isNull(recordings.deletedAt),
        inArray(recordings.status, [...finalStates]),
        or(lt(recordings.retainUntil, sql`now()`), byDefault),
      ),
    )
    .limit(options.limit)
    .for('update', { skipLocked: true });
  const ids = rows.map((row) => row.id);
  await markDeleted(db, ids);
  return ids;
}

/** Marked, and not gone yet; the longest marked first. */
export async function listMarked(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: recordings.id })
    .from(recordings)
    .where(isNotNull(recordings.deletedAt))
    .orderBy(asc(recordings.deletedAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Removes a marked recording's rows (attempts, segments and shares go with it); its objects must be gone before. */
export async function deleteRows(db: Queryable, id: string): Promise<void> {
  await db.insert(deletedRecordings).values({ recordingId: id }).onConflictDoNothing();
  await db.delete(recordings).where(and(eq(recordings.id, id), isNotNull(recordings.deletedAt)));
}

/** Recordings whose rows went a day ago or before. */
export async function listDeletedLongAgo(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: deletedRecordings.recordingId })
    .from(deletedRecordings)
    .where(lt(deletedRecordings.deletedAt, sql`now() - interval '1 day'`))
    .orderBy(asc(deletedRecordings.deletedAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

export async function forgetDeleted(db: Queryable, id: string): Promise<void> {
  await db.delete(deletedRecordings).where(eq(deletedRecordings.recordingId, id));
}
