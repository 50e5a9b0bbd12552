import { desc, eq, gt, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { workers } from '../schema.ts';

export async function upsertWorker(
  db: Queryable,
  worker: { id: string; freeSlots: number; version?: string },
): Promise<void> {
  await db
    .insert(workers)
    .values(worker)
    .onConflictDoUpdate({
      target: workers.id,
      set: { freeSlots: worker.freeSlots, version: worker.version ?? null, seenAt: sql`now()` },
    });
}

/** Its connection is gone. It comes back with its next request. */
export async function deleteWorker(db: Queryable, id: string): Promise<void> {
  await db.delete(workers).where(eq(workers.id, id));
}

/** Workers heard of within `withinMs`, on the database's clock. */
export function listWorkers(db: Queryable, withinMs: number): Promise<(typeof workers.$inferSelect)[]> {
  return db
    .select()
    .from(workers)
    .where(gt(workers.seenAt, sql`now() - ${withinMs} * interval '1 millisecond'`))
    .orderBy(desc(workers.seenAt))
    .limit(1000);
}
