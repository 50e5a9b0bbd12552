import type { Queryable } from '../client.ts';
import { type WebhookDeliveryRow, webhookDeliveries } from '../schema.ts';

/** What is there already, for the same event, stays as it is. */
export async function insertWebhookDeliveries(
  db: Queryable,
  rows: readonly (typeof webhookDeliveries.$inferInsert)[],
): Promise<WebhookDeliveryRow[]> {
  if (rows.length === 0) return [];
  return db
    .insert(webhookDeliveries)
    .values([...rows])
    .onConflictDoNothing()
    .returning();
}
