import { and, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type SessionRow, sessions, type UserRow, users } from '../schema.ts';

const ago = (ms: number) => sql`now() - ${ms} * interval '1 millisecond'`;

export async function insertSession(
  db: Queryable,
  session: Pick<SessionRow, 'tokenHash' | 'userId' | 'userAgent' | 'address'> & { validMs: number },
): Promise<void> {
  const { validMs, ...values } = session;
  await db.insert(sessions).values({ ...values, expiresAt: sql`now() + ${validMs} * interval '1 millisecond'` });
}

const isOpen = (idleMs: number) => and(gt(sessions.expiresAt, sql`now()`), gt(sessions.seenAt, ago(idleMs)));

/**
 * While it is valid, was seen lately, and is of nobody who was disabled. `user` is null for whoever came by the link of
 * the terminal; `isStale` when it was not seen for `seenEveryMs`.
 */
export async function findSession(
  db: Queryable,
  tokenHash: string,
  { idleMs, seenEveryMs }: { idleMs: number; seenEveryMs: number },
): Promise<{ id: string; isStale: boolean; user: UserRow | null } | undefined> {
  const [row] = await db
    .select({ id: sessions.id, isStale: sql<boolean>`${sessions.seenAt} < ${ago(seenEveryMs)}`, user: users })
    .from(sessions)
    .leftJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), isNull(users.disabledAt), isOpen(idleMs)));
  return row;
}

/** Not more often than once in `everyMs`. */
export async function touchSession(db: Queryable, tokenHash: string, everyMs: number): Promise<void> {
  await db
    .update(sessions)
    .set({ seenAt: sql`now()` })
    .where(and(eq(sessions.tokenHash, tokenHash), lt(sessions.seenAt, ago(everyMs))));
}

const isOf = (userId: string | null) => (userId === null ? isNull(sessions.userId) : eq(sessions.userId, userId));

/** Those that are open, the one seen last first. */
export function listSessions(db: Queryable, userId: string | null, idleMs: number): Promise<SessionRow[]> {
  return db
    .select()
    .from(sessions)
    .where(and(isOf(userId), isOpen(idleMs)))
    .orderBy(desc(sessions.seenAt), desc(sessions.createdAt))
    .limit(200);
}

export async function deleteSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
}

/** False when this person has none such. */
export async function deleteSessionById(db: Queryable, userId: string | null, id: string): Promise<boolean> {
  const rows = await db
    .delete(sessions)
    .where(and(isOf(userId), eq(sessions.id, id)))
    .returning({ id: sessions.id });
  return rows.length > 0;
}

/** All of this person's, but the one that is to be kept. */
export async function deleteSessions(db: Queryable, userId: string | null, keepId?: string): Promise<void> {
  await db.delete(sessions).where(and(isOf(userId), keepId === undefined ? undefined : ne(sessions.id, keepId)));
}
