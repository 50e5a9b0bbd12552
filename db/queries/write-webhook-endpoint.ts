import { asc, count, eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type WebhookEndpointRow, webhookEndpoints } from '../schema.ts';

type Changes = Partial<typeof webhookEndpoints.$inferInsert>;

export function listWebhookEndpoints(db: Queryable): Promise<WebhookEndpointRow[]> {
  return db.select().from(webhookEndpoints).orderBy(asc(webhookEndpoints.createdAt), asc(webhookEndpoints.id));
}

export async function countWebhookEndpoints(db: Queryable): Promise<number> {
  const [row] = await db.select({ value: count() }).from(webhookEndpoints);
  return row?.value ?? 0;
}

export async function findWebhookEndpoint(db: Queryable, id: string): Promise<WebhookEndpointRow | undefined> {
  const [row] = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id));
  return row;
}

export async function insertWebhookEndpoint(
  db: Queryable,
  endpoint: typeof webhookEndpoints.$inferInsert,
): Promise<WebhookEndpointRow> {
  const [row] = await db.insert(webhookEndpoints).values(endpoint).returning();
  if (!row) throw new Error('An insert returned no row');
  return row;
}

export async function updateWebhookEndpoint(
  db: Queryable,
  id: string,
  changes: Changes,
): Promise<WebhookEndpointRow | undefined> {
  if (Object.keys(changes).length === 0) return findWebhookEndpoint(db, id);
  const [row] = await db.update(webhookEndpoints).set(changes).where(eq(webhookEndpoints.id, id)).returning();
  return row;
}

/** With its deliveries. */
export async function deleteWebhookEndpoint(db: Queryable, id: string): Promise<boolean> {
  const rows = await db
    .delete(webhookEndpoints)
    .where(eq(webhookEndpoints.id, id))
    .returning({ id: webhookEndpoints.id });
  return rows.length > 0;
}
