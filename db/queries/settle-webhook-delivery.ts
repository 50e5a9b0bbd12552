import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type WebhookDeliveryRow, webhookDeliveries } from '../schema.ts';

export interface AttemptResult {
  delivered: boolean;
  status: number | null;
  durationMs: number;
  answer: string | null;
  error: string | null;
  /** Null: not again. */
  retryInMs: number | null;
}

/** How an attempt went, and whether there is another. */
export async function settleWebhookDelivery(
  db: Queryable,
  id: string,
  { delivered, retryInMs, ...result }: AttemptResult,
): Promise<WebhookDeliveryRow | undefined> {
  const [row] = await db
    .update(webhookDeliveries)
    .set({
      ...result,
      deliveredAt: delivered ? sql`now()` : null,
      nextAttemptAt: retryInMs === null ? null : sql`now() + ${retryInMs} * interval '1 millisecond'`,
    })
    .where(eq(webhookDeliveries.id, id))
    .returning();
  return row;
}

/** Nothing was tried after all: the next one may at once. */
export async function giveBackWebhookDelivery(db: Queryable, id: string): Promise<void> {
  await db
    .update(webhookDeliveries)
    .set({ nextAttemptAt: sql`now()`, attempts: sql`${webhookDeliveries.attempts} - 1` })
    .where(eq(webhookDeliveries.id, id));
}
