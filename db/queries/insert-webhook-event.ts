import type { Queryable } from '../client.ts';
import { webhookEvents } from '../schema.ts';

/** False when this event was taken before. */
export async function insertWebhookEvent(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.insert(webhookEvents).values({ id }).onConflictDoNothing().returning();
  return rows.length > 0;
}
