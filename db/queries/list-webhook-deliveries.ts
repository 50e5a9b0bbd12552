import { and, desc, eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type WebhookDeliveryRow, webhookDeliveries } from '../schema.ts';
import { type CreatedPage, createdMicrosOf, isBefore, type Placed } from './created-place.ts';

/** Newest first. */
export function listWebhookDeliveries(
  db: Queryable,
  endpointId: string,
  { after, limit }: CreatedPage,
): Promise<Placed<WebhookDeliveryRow>[]> {
  return db
    .select({ row: webhookDeliveries, createdMicros: createdMicrosOf(webhookDeliveries) })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.endpointId, endpointId), isBefore(webhookDeliveries, after)))
    .orderBy(desc(webhookDeliveries.createdAt), desc(webhookDeliveries.id))
    .limit(limit);
}
