import { and, asc, desc, eq, gt } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type EventRow, events } from '../schema.ts';

/** Events after an id, oldest first; of one recording, or of all. */
export function listEvents(
  db: Queryable,
  options: { afterId: number; recordingId?: string; limit: number },
): Promise<EventRow[]> {
  return db
    .select()
    .from(events)
    .where(
      and(
        gt(events.id, options.afterId),
        options.recordingId === undefined ? undefined : eq(events.recordingId, options.recordingId),
      ),
    )
    .orderBy(asc(events.id))
    .limit(options.limit);
}

/** The id of the newest event; 0 when there is none. */
export async function findNewestEventId(db: Queryable): Promise<number> {
  const [row] = await db.select({ id: events.id }).from(events).orderBy(desc(events.id)).limit(1);
  return row?.id ?? 0;
}
