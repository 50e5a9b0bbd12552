import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type EventRow, events, webhookCursor } from '../schema.ts';

/** The newest event that was looked at. Undefined while somebody else is looking. Locked until the transaction ends. */
export async function lockWebhookCursor(transaction: Queryable): Promise<number | undefined> {
  const [row] = await transaction.select().from(webhookCursor).for('update', { skipLocked: true });
  return row?.eventId;
}

export async function moveWebhookCursor(transaction: Queryable, eventId: number): Promise<void> {
  await transaction.update(webhookCursor).set({ eventId });
}

/** The newest entry of each recording, up to an event. */
export async function listLatestEvents(
  db: Queryable,
  recordingIds: readonly string[],
  upToId: number,
): Promise<EventRow[]> {
  if (recordingIds.length === 0) return [];
  return db
    .selectDistinctOn([events.recordingId])
    .from(events)
    .where(sql`${events.recordingId} = any(${sql.param(recordingIds)}::uuid[]) and ${events.id} <= ${upToId}`)
    .orderBy(events.recordingId, sql`${events.id} desc`);
}
