import { asc, desc, eq, lt } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type ActionRow, actions } from '../schema.ts';

export async function insertActions(db: Queryable, rows: readonly Omit<ActionRow, 'id' | 'at'>[]): Promise<void> {
  if (rows.length > 0) await db.insert(actions).values([...rows]);
}

/** Newest first. */
export function listActions(
  db: Queryable,
  { beforeId, limit }: { beforeId?: number | undefined; limit: number },
): Promise<ActionRow[]> {
  return db
    .select()
    .from(actions)
    .where(beforeId === undefined ? undefined : lt(actions.id, beforeId))
    .orderBy(desc(actions.id))
    .limit(limit);
}

/** Oldest first. */
export function listActionsOn(db: Queryable, recordingId: string, limit: number): Promise<ActionRow[]> {
  return db.select().from(actions).where(eq(actions.recordingId, recordingId)).orderBy(asc(actions.id)).limit(limit);
}
