import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type ApiKeyRow, apiKeys } from '../schema.ts';

const ago = (ms: number) => sql`now() - ${ms} * interval '1 millisecond'`;

export async function insertApiKey(
  db: Queryable,
  key: Pick<ApiKeyRow, 'name' | 'scopes' | 'prefix' | 'keyHash' | 'createdBy'> & { validMs: number | null },
): Promise<ApiKeyRow> {
  const { validMs, ...values } = key;
  const expiresAt = validMs === null ? null : sql`now() + ${validMs} * interval '1 millisecond'`;
  const [row] = await db
    .insert(apiKeys)
    .values({ ...values, expiresAt })
    .returning();
  if (!row) throw new Error('An insert returned no row');
  return row;
}

/** Neither revoked nor expired, on the database's clock. `isStale` when it was not used for `usedEveryMs`. */
export async function findUsableApiKey(
  db: Queryable,
  keyHash: string,
  usedEveryMs: number,
): Promise<{ key: ApiKeyRow; isStale: boolean } | undefined> {
  const [row] = await db
    .select({ key: apiKeys, isStale: sql<boolean>`coalesce(${apiKeys.lastUsedAt} < ${ago(usedEveryMs)}, true)` })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.keyHash, keyHash),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
      ),
    );
  return row;
}

export async function findApiKey(db: Queryable, id: string): Promise<ApiKeyRow | undefined> {
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
  return row;
}

/** Not more often than once in `everyMs`. */
export async function touchApiKey(db: Queryable, id: string, everyMs: number): Promise<void> {
  const stale = or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, ago(everyMs)));
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), stale));
}

/** Newest first, revoked and expired ones too. */
export function listApiKeys(db: Queryable, limit: number): Promise<ApiKeyRow[]> {
  return db.select().from(apiKeys).orderBy(desc(apiKeys.createdAt), desc(apiKeys.id)).limit(limit);
}

export function countApiKeys(db: Queryable): Promise<number> {
  return db.$count(apiKeys);
}

/** Nothing when there is no such key. Revoking twice is revoking once. */
export async function revokeApiKey(db: Queryable, id: string): Promise<ApiKeyRow | undefined> {
  const [row] = await db
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, now())` })
    .where(eq(apiKeys.id, id))
    .returning();
  return row;
}
