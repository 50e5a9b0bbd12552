import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type AttemptRow, attempts, type RecordingRow, recordings } from '../schema.ts';
import { queueOrder } from './list-queue.ts';

/**
 * Takes up to `limit` queued attempts for a worker, the first in the queue first, and starts their lease. Two workers never get the
 * same one, and neither waits for the other. A recording locked by another writer is left for the next call.
 */
export async function claimAttempts(
  db: Queryable,
  claim: { workerId: string; limit: number; leaseMs: number },
): Promise<{ attempt: AttemptRow; recording: RecordingRow }[]> {
  const free = await db
    .select({ attemptId: attempts.id, recording: recordings })
    .from(attempts)
    .innerJoin(recordings, eq(recordings.id, attempts.recordingId))
    .where(
      and(eq(attempts.state, 'queued'), lte(attempts.availableAt, sql`now()`), eq(attempts.epoch, recordings.epoch)),
    )
    .orderBy(...queueOrder)
    .limit(claim.limit)
    .for('update', { skipLocked: true });
  if (free.length === 0) return [];
  const claimed = await db
    .update(attempts)
    .set({
      state: 'starting',
      workerId: claim.workerId,
      claimedAt: sql`now()`,
      leaseExpiresAt: sql`now() + ${claim.leaseMs} * interval '1 millisecond'`,
    })
    .where(
      inArray(
        attempts.id,
        free.map((row) => row.attemptId),
      ),
    )
    .returning();
  const byId = new Map(claimed.map((attempt) => [attempt.id, attempt]));
  return free.flatMap(({ attemptId, recording }) => {
    const attempt = byId.get(attemptId);
    return attempt ? [{ attempt, recording }] : [];
  });
}
