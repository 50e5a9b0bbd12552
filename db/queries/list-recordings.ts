import { and, desc, eq, ilike, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import type { RecordingState } from '../recording-states.ts';
import { escapeAnyText, type RecordingRow, recordings } from '../schema.ts';

export interface RecordingFilter {
  status?: readonly RecordingState[];
  room?: string;
  identity?: string;
  /** Part of room or identity, without regard to case. */
  text?: string;
  /** Only those after this one, in the list's order. */
  after?: { requestedAt: Date; id: string };
  limit: number;
}

/** Newest first. */
export function listRecordings(db: Queryable, filter: RecordingFilter): Promise<RecordingRow[]> {
  const conditions: (SQL | undefined)[] = [isNull(recordings.deletedAt)];
  if (filter.status) conditions.push(inArray(recordings.status, [...filter.status]));
  if (filter.room !== undefined) conditions.push(eq(recordings.room, filter.room));
  if (filter.identity !== undefined) conditions.push(eq(recordings.identity, filter.identity));
  if (filter.text) {
    const pattern = `%${escapeAnyText(filter.text).replace(/[\\%_]/g, '\\$&')}%`;
    conditions.push(or(ilike(sql`${recordings.room}`, pattern), ilike(sql`${recordings.identity}`, pattern)));
  }
  if (filter.after) {
    const { requestedAt, id } = filter.after;
    conditions.push(
      sql`(${recordings.requestedAt}, ${recordings.id}) < (${requestedAt.toISOString()}::timestamptz, ${id}::uuid)`,
    );
  }
  return db
    .select()
    .from(recordings)
    .where(and(...conditions))
    .orderBy(desc(recordings.requestedAt), desc(recordings.id))
    .limit(filter.limit);
}
