import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { attempts, recordings } from '../schema.ts';

/** Who may lose media comes before what is only to be joined; then the older recording. */
export const queueOrder = [
  asc(sql`${attempts.kind} = 'finalise'`),
  asc(recordings.requestedAt),
  asc(recordings.id),
] as const;

export interface QueuePlace {
  recordingId: string;
  /** How many are taken before it. */
  before: number;
  waitedMs: number;
  /** Not to be taken before this much time: the back-off after a failure. 0: now. */
  restsMs: number;
}

/** Where these recordings stand in the queue; those that are not in it are left out. */
export async function listQueuePlaces(db: Queryable, recordingIds: readonly string[]): Promise<QueuePlace[]> {
  if (recordingIds.length === 0) return [];
  const milliseconds = (interval: ReturnType<typeof sql>) =>
    sql`greatest(0, extract(epoch from ${interval}) * 1000)::bigint`.mapWith(Number);
  const queue = db.$with('queue').as(
    db
      .select({
        recordingId: attempts.recordingId,
        before: sql<number>`row_number() over (order by ${sql.join([...queueOrder], sql`, `)}) - 1`.as('before'),
        waitedMs: milliseconds(sql`now() - ${attempts.availableAt}`).as('waited_ms'),
        restsMs: milliseconds(sql`${attempts.availableAt} - now()`).as('rests_ms'),
      })
      .from(attempts)
      .innerJoin(recordings, eq(recordings.id, attempts.recordingId))
      .where(eq(attempts.state, 'queued')),
  );
  const rows = await db
    .with(queue)
    .select()
    .from(queue)
    .where(inArray(queue.recordingId, [...recordingIds]));
  return rows.map((row) => ({
    recordingId: row.recordingId,
    before: Number(row.before),
    waitedMs: Number(row.waitedMs),
    restsMs: Number(row.restsMs),
  }));
}

/** Recordings whose attempt is queued, the first ones first. */
export async function listQueue(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db
    .select({ recordingId: attempts.recordingId })
    .from(attempts)
    .innerJoin(recordings, eq(recordings.id, attempts.recordingId))
    .where(eq(attempts.state, 'queued'))
    .orderBy(...queueOrder)
    .limit(limit);
  return rows.map((row) => row.recordingId);
}
