import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type UserRow, users } from '../schema.ts';
import { type CreatedPage, createdMicrosOf, isAfter, type Placed } from './created-place.ts';

/** For the rest of the transaction nobody else changes who is there: rules over all of them hold. */
export async function lockUsers(db: Queryable): Promise<void> {
  await db.execute(sql`lock table users in share row exclusive mode`);
}

/** Nothing when the address is taken. */
export async function insertUser(
  db: Queryable,
  user: Pick<UserRow, 'name' | 'email' | 'role'> & Partial<Pick<UserRow, 'passwordHash' | 'signedInAt'>>,
): Promise<UserRow | undefined> {
  const [row] = await db.insert(users).values(user).onConflictDoNothing().returning();
  return row;
}

export async function findUser(db: Queryable, id: string): Promise<UserRow | undefined> {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  return row;
}

export async function findUserByEmail(db: Queryable, email: string): Promise<UserRow | undefined> {
  const [row] = await db.select().from(users).where(eq(users.email, email));
  return row;
}

export function listUsers(db: Queryable, limit: number): Promise<UserRow[]> {
  return db.select().from(users).orderBy(asc(users.createdAt), asc(users.id)).limit(limit);
}

/** Oldest first. */
export function listUsersPage(db: Queryable, { after, limit }: CreatedPage): Promise<Placed<UserRow>[]> {
  return db
    .select({ row: users, createdMicros: createdMicrosOf(users) })
    .from(users)
    .where(isAfter(users, after))
    .orderBy(asc(users.createdAt), asc(users.id))
    .limit(limit);
}

export function countUsers(db: Queryable): Promise<number> {
  return db.$count(users);
}

/** Admins who can sign in. */
export function countAdmins(db: Queryable): Promise<number> {
  return db.$count(users, and(eq(users.role, 'admin'), isNull(users.disabledAt), isNotNull(users.passwordHash)));
}

export async function updateUser(
  db: Queryable,
  id: string,
  change: Partial<Pick<UserRow, 'name' | 'email' | 'role' | 'passwordHash' | 'disabledAt' | 'signedInAt'>>,
): Promise<UserRow | undefined> {
  const [row] = await db.update(users).set(change).where(eq(users.id, id)).returning();
  return row;
}

/** With sessions and links. */
export async function deleteUser(db: Queryable, id: string): Promise<void> {
  await db.delete(users).where(eq(users.id, id));
}
