import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type NewShareRow, type ShareRow, shares } from '../schema.ts';
import { type CreatedPage, createdMicrosOf, isBefore, type Placed } from './created-place.ts';

export async function insertShare(db: Queryable, share: NewShareRow): Promise<ShareRow> {
  const [row] = await db.insert(shares).values(share).returning();
  if (!row) throw new Error('An insert returned no row');
  return row;
}

/** Newest first, revoked and expired ones too. */
export function listShares(
  db: Queryable,
  recordingId: string,
  { after, limit }: CreatedPage,
): Promise<Placed<ShareRow>[]> {
  return db
    .select({ row: shares, createdMicros: createdMicrosOf(shares) })
    .from(shares)
    .where(and(eq(shares.recordingId, recordingId), isBefore(shares, after)))
    .orderBy(desc(shares.createdAt), desc(shares.id))
    .limit(limit);
}

/** Nothing when there is no such share. Revoking twice is revoking once. */
export async function revokeShare(db: Queryable, id: string): Promise<ShareRow | undefined> {
  const [row] = await db
    .update(shares)
    .set({ revokedAt: sql`coalesce(${shares.revokedAt}, now())` })
    .where(eq(shares.id, id))
    .returning();
  return row;
}

/** Neither revoked nor expired, on the database's clock. */
const usable = and(isNull(shares.revokedAt), or(isNull(shares.expiresAt), gt(shares.expiresAt, sql`now()`)));

/** The share of a token while it may be used; whether its views are used up is for the caller to see. */
export async function findUsableShare(db: Queryable, tokenHash: string): Promise<ShareRow | undefined> {
  const [row] = await db
    .select()
    .from(shares)
    .where(and(eq(shares.tokenHash, tokenHash), usable));
  return row;
}

/** Counts one more view; false when the share may not be used (any more). Two at once never pass the maximum. */
export async function countShareView(db: Queryable, id: string): Promise<boolean> {
  const rows = await db
    .update(shares)
    .set({ views: sql`${shares.views} + 1`, lastViewedAt: sql`now()` })
    .where(and(eq(shares.id, id), usable, or(isNull(shares.maxViews), lt(shares.views, shares.maxViews))))
    .returning({ id: shares.id });
  return rows.length > 0;
}
