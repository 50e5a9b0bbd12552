import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { sessions, signInLinks } from '../schema.ts';

const fromNow = (ms: number) => sql`now() + ${ms} * interval '1 millisecond'`;

export async function insertSignInLink(db: Queryable, link: { tokenHash: string; validMs: number }): Promise<void> {
  await db.insert(signInLinks).values({ tokenHash: link.tokenHash, expiresAt: fromNow(link.validMs) });
}

/** True once: the first time, while it is valid. */
export async function consumeSignInLink(db: Queryable, tokenHash: string): Promise<boolean> {
  const rows = await db
    .update(signInLinks)
    .set({ usedAt: sql`now()` })
    .where(and(eq(signInLinks.tokenHash, tokenHash), isNull(signInLinks.usedAt), gt(signInLinks.expiresAt, sql`now()`)))
    .returning({ tokenHash: signInLinks.tokenHash });
  return rows.length > 0;
}

export async function insertSession(db: Queryable, session: { tokenHash: string; validMs: number }): Promise<void> {
  await db.insert(sessions).values({ tokenHash: session.tokenHash, expiresAt: fromNow(session.validMs) });
}

export async function hasSession(db: Queryable, tokenHash: string): Promise<boolean> {
  const rows = await db
    .select({ tokenHash: sessions.tokenHash })
    .from(sessions)
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, sql`now()`)));
  return rows.length > 0;
}

export async function deleteSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash));
}
