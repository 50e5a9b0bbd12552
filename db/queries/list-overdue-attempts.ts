import { and, eq, isNotNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { attempts } from '../schema.ts';

export interface OverdueAttempt {
  attemptId: string;
  state: (typeof attempts.$inferSelect)['state'];
  /** How long ago the lease ran out or the attempt became available, on the database's clock. */
  overdueMs: number;
}

const since = sql`coalesce(${attempts.leaseExpiresAt}, ${attempts.availableAt})`;

function overdue(queuedMs: number): SQL | undefined {
  return and(
    ne(attempts.state, 'ended'),
    or(
      and(isNotNull(attempts.leaseExpiresAt), lt(attempts.leaseExpiresAt, sql`now()`)),
      and(eq(attempts.state, 'queued'), lt(attempts.availableAt, sql`now() - ${queuedMs} * interval '1 millisecond'`)),
    ),
  );
}

/** Attempts whose lease has run out, and those that have waited in the queue for longer than `queuedMs`. */
export async function listOverdueAttempts(db: Queryable, queuedMs: number): Promise<OverdueAttempt[]> {
  return db
    .select({
      attemptId: attempts.id,
      state: attempts.state,
      overdueMs: sql`(extract(epoch from now() - ${since}) * 1000)::bigint`.mapWith(Number),
    })
    .from(attempts)
    .where(overdue(queuedMs))
    .orderBy(since)
    .limit(1000);
}

export async function isOverdue(db: Queryable, attemptId: string, queuedMs: number): Promise<boolean> {
  const rows = await db
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(eq(attempts.id, attemptId), overdue(queuedMs)));
  return rows.length > 0;
}
