import { eq, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type AttemptRow, attempts } from '../schema.ts';

/** What a recorder reports of itself. */
export type AttemptFactsChange = Partial<
  Pick<
    AttemptRow,
    'stats' | 'startedAt' | 'publisherZeroMicros' | 'participantSid' | 'tracks' | 'gaps' | 'stored' | 'segmentsPending'
  >
>;

export interface AttemptChange extends AttemptFactsChange {
  state?: AttemptRow['state'];
  /** Renews the lease on the database's clock. */
  leaseMs?: number;
  /** Set when it ended. */
  outcome?: AttemptRow['outcome'];
}

/** For holders of the recording's lock. Returns the row as it is now. */
export async function updateAttempt(db: Queryable, id: string, change: AttemptChange): Promise<AttemptRow> {
  const { leaseMs, ...columns } = change;
  const ended = change.state === 'ended';
  const lease: SQL | null | undefined = ended
    ? null
    : leaseMs === undefined
      ? undefined
      : sql`now() + ${leaseMs} * interval '1 millisecond'`;
  const [row] = await db
    .update(attempts)
    .set({ ...columns, leaseExpiresAt: lease, endedAt: ended ? sql`now()` : undefined })
    .where(eq(attempts.id, id))
    .returning();
  if (!row) throw new Error(`Attempt ${id} vanished while its recording was locked`);
  return row;
}
