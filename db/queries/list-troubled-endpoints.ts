import { asc, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type WebhookEndpointRow, webhookEndpoints } from '../schema.ts';

/** Endpoints that have taken nothing for `failingMs`, and those that were switched off without anybody's hand. */
export function listTroubledEndpoints(db: Queryable, failingMs: number): Promise<WebhookEndpointRow[]> {
  const { enabled, failingSince, disabledReason, createdAt, id } = webhookEndpoints;
  return db
    .select()
    .from(webhookEndpoints)
    .where(
      sql`case when ${enabled} then ${failingSince} < now() - ${failingMs} * interval '1 millisecond'
        else ${disabledReason} is not null end`,
    )
    .orderBy(asc(createdAt), asc(id))
    .limit(100);
}
