import { eq, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type AttemptRow, attempts } from '../schema.ts';

export interface AttemptChange {
  state: AttemptRow['state'];
  stats?: AttemptRow['stats'];
  /** Renews the lease on the database's clock. */
  leaseMs?: number;
  /** Set when it ended. */
  outcome?: AttemptRow['outcome'];
}

/** For holders of the recording's lock (`lockRecordingOfAttempt`). */
export async function updateAttempt(db: Queryable, id: string, change: AttemptChange): Promise<void> {
  const ended = change.state === 'ended';
  const lease: SQL | null | undefined = ended
    ? null
    : change.leaseMs === undefined
      ? undefined
      : sql`now() + ${change.leaseMs} * interval '1 millisecond'`;
  await db
    .update(attempts)
    .set({
      state: change.state,
      stats: change.stats,
      outcome: change.outcome,
      leaseExpiresAt: lease,
      endedAt: ended ? sql`now()` : undefined,
    })
    .where(eq(attempts.id, id));
}
