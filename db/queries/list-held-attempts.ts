import { eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { attempts, recordings } from '../schema.ts';

export interface HeldAttempt {
  attemptId: string;
  kind: (typeof attempts.$inferSelect)['kind'];
  epoch: number;
  recordingEpoch: number;
  recordingStatus: (typeof recordings.$inferSelect)['status'];
  recordingDeletedAt: Date | null;
  state: (typeof attempts.$inferSelect)['state'];
  outcome: (typeof attempts.$inferSelect)['outcome'];
  command: (typeof recordings.$inferSelect)['command'];
  /** What is left of the lease on the database's clock; 0 when it has run out or there is none. */
  leaseMs: number;
}

/** What the control plane knows of the attempts a worker says it holds. */
export async function listHeldAttempts(db: Queryable, attemptIds: readonly string[]): Promise<HeldAttempt[]> {
  if (attemptIds.length === 0) return [];
  return db
    .select({
      attemptId: attempts.id,
      kind: attempts.kind,
      epoch: attempts.epoch,
      recordingEpoch: recordings.epoch,
      recordingStatus: recordings.status,
      recordingDeletedAt: recordings.deletedAt,
      state: attempts.state,
      outcome: attempts.outcome,
      command: recordings.command,
      leaseMs:
        sql`greatest(0, coalesce(extract(epoch from ${attempts.leaseExpiresAt} - now()) * 1000, 0))::integer`.mapWith(
          Number,
        ),
    })
    .from(attempts)
    .innerJoin(recordings, eq(recordings.id, attempts.recordingId))
    .where(inArray(attempts.id, [...attemptIds]));
}
