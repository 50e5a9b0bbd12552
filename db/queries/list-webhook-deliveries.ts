import { and, desc, eq, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type WebhookDeliveryRow, webhookDeliveries } from '../schema.ts';

/** Newest first. */
export function listWebhookDeliveries(
  db: Queryable,
  filter: { endpointId: string; after?: { createdAt: Date; id: string }; limit: number },
): Promise<WebhookDeliveryRow[]> {
  const { after } = filter;
  return db
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.endpointId, filter.endpointId),
        after &&
          sql`(${webhookDeliveries.createdAt}, ${webhookDeliveries.id}) < (${after.createdAt.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(webhookDeliveries.createdAt), desc(webhookDeliveries.id))
    .limit(filter.limit);
}
