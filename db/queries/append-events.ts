import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { notify } from '../notices.ts';
import { events } from '../schema.ts';

/** Any number will do, as long as nothing else locks it. */
const EVENTS_LOCK = 7_306_120_002;

export interface NewEvent {
  recordingId: string;
  type: 'recording.updated' | 'recording.deleted';
  data: unknown;
}

/**
 * Adds to the log. From here to the end of the transaction no other one adds: so ids become visible in their order,
 * and a reader that has seen an id has seen all before it. Call it last in a transaction.
 */
export async function appendEvents(db: Queryable, added: readonly NewEvent[]): Promise<void> {
  if (added.length === 0) return;
  await db.execute(sql`select pg_advisory_xact_lock(${EVENTS_LOCK})`);
  const rows = await db
    .insert(events)
    .values([...added])
    .returning({ id: events.id });
  await notify(db, 'recording_events', String(rows.at(-1)?.id ?? ''));
}
