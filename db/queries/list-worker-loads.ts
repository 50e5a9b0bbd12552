import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { attempts, workers } from '../schema.ts';

export interface WorkerLoad {
  id: string;
  seenAt: Date;
  freeSlots: number;
  /** Null: it does not say. */
  version: string | null;
  /** How many attempts it is at. */
  recordings: number;
}

/** Workers heard of within `withinMs`, on the database's clock. */
export async function listWorkerLoads(db: Queryable, withinMs: number): Promise<WorkerLoad[]> {
  const isOpen = inArray(attempts.state, ['starting', 'waiting', 'recording', 'paused', 'finalising']);
  const recordings = db.$count(attempts, and(eq(attempts.workerId, workers.id), isOpen));
  return db
    .select({
      id: workers.id,
      seenAt: workers.seenAt,
      freeSlots: workers.freeSlots,
      version: workers.version,
      recordings,
    })
    .from(workers)
    .where(gt(workers.seenAt, sql`now() - ${withinMs} * interval '1 millisecond'`))
    .orderBy(workers.id)
    .limit(1000);
}
