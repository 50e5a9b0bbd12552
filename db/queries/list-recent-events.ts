import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type EventRow, events } from '../schema.ts';

/** More recordings do not change within a minute. */
const MAX_EVENTS = 1_000;

/** The newest event of each recording that changed lately, oldest first. */
export async function listRecentEvents(
  db: Queryable,
  options: { withinMs: number; recordingId?: string },
): Promise<EventRow[]> {
  const rows = await db
    .select()
    .from(events)
    .where(
      and(
        gt(events.at, sql`now() - ${options.withinMs} * interval '1 millisecond'`),
        options.recordingId === undefined ? undefined : eq(events.recordingId, options.recordingId),
      ),
    )
    .orderBy(desc(events.id))
    .limit(MAX_EVENTS);
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.recordingId) && seen.add(row.recordingId)).reverse();
}
