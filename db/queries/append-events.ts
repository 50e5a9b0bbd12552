import type { Queryable } from '../client.ts';
import { events } from '../schema.ts';

export interface NewEvent {
  recordingId: string;
  type: 'recording.updated' | 'recording.deleted';
  data: unknown;
}

/**
 * Adds to the log, and tells whoever listens, when the transaction commits. Ids are given then (0009_event_order.sql): they become
 * visible in their order, and a reader that has seen one has seen all before it.
 */
export async function appendEvents(db: Queryable, added: readonly NewEvent[]): Promise<void> {
  if (added.length > 0) await db.insert(events).values([...added]);
}
