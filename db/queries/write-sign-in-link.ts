import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { signInLinks, type UserRow, users } from '../schema.ts';

/** @param link.userId null for the link of the terminal */
export async function insertSignInLink(
  db: Queryable,
  link: { tokenHash: string; userId: string | null; validMs: number },
): Promise<{ expiresAt: Date }> {
  const [row] = await db
    .insert(signInLinks)
    .values({
      tokenHash: link.tokenHash,
      userId: link.userId,
      expiresAt: sql`now() + ${link.validMs} * interval '1 millisecond'`,
    })
    .returning({ expiresAt: signInLinks.expiresAt });
  if (!row) throw new Error('An insert returned no row');
  return row;
}

const usable = (tokenHash: string) =>
  and(eq(signInLinks.tokenHash, tokenHash), isNull(signInLinks.usedAt), gt(signInLinks.expiresAt, sql`now()`));

/** Whose link it is, without using it up. `user` is null for the link of the terminal. */
export async function findSignInLink(db: Queryable, tokenHash: string): Promise<{ user: UserRow | null } | undefined> {
  const [row] = await db
    .select({ user: users })
    .from(signInLinks)
    .leftJoin(users, eq(users.id, signInLinks.userId))
    .where(usable(tokenHash));
  return row;
}

/** The first time, while it is valid: whose it is. Afterwards nothing. */
export async function consumeSignInLink(
  db: Queryable,
  tokenHash: string,
): Promise<{ userId: string | null } | undefined> {
  const [row] = await db
    .update(signInLinks)
    .set({ usedAt: sql`now()` })
    .where(usable(tokenHash))
    .returning({ userId: signInLinks.userId });
  return row;
}

/** A person has one link at most that works. */
export async function deleteSignInLinks(db: Queryable, userId: string): Promise<void> {
  await db.delete(signInLinks).where(eq(signInLinks.userId, userId));
}
