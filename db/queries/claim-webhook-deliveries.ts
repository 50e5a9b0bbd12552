import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type WebhookDeliveryRow, webhookDeliveries, webhookEndpoints } from '../schema.ts';

/** What an attempt begins with: nobody else tries before the lease is over. */
const begun = (leaseMs: number) => ({
  nextAttemptAt: sql`now() + ${leaseMs} * interval '1 millisecond'`,
  attemptedAt: sql`now()`,
  attempts: sql`${webhookDeliveries.attempts} + 1`,
});

/** Endpoints that are on and have something due. */
export async function listDueEndpoints(db: Queryable): Promise<string[]> {
  const rows = await db
    .selectDistinct({ id: webhookEndpoints.id })
    .from(webhookEndpoints)
    .innerJoin(webhookDeliveries, eq(webhookDeliveries.endpointId, webhookEndpoints.id))
    .where(and(eq(webhookEndpoints.enabled, true), lte(webhookDeliveries.nextAttemptAt, sql`now()`)));
  return rows.map(({ id }) => id);
}

/** Takes what is due, oldest first. Who says nothing within the lease has lost it to the next one. */
export async function claimWebhookDeliveries(
  db: Queryable,
  claim: { endpointId: string; leaseMs: number; limit: number },
): Promise<WebhookDeliveryRow[]> {
  const due = db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpointId))
    .where(
      and(
        eq(webhookDeliveries.endpointId, claim.endpointId),
        eq(webhookEndpoints.enabled, true),
        lte(webhookDeliveries.nextAttemptAt, sql`now()`),
      ),
    )
    .orderBy(asc(webhookDeliveries.nextAttemptAt), asc(webhookDeliveries.createdAt))
    .limit(claim.limit)
    .for('update', { of: webhookDeliveries, skipLocked: true });
  return db
    .update(webhookDeliveries)
    .set(begun(claim.leaseMs))
    .where(sql`${webhookDeliveries.id} in (${due})`)
    .returning();
}

/** The same for one that somebody wants sent now, whatever it waits for. Undefined: there is none. */
export async function claimWebhookDelivery(
  db: Queryable,
  claim: { id: string; endpointId: string; leaseMs: number },
): Promise<WebhookDeliveryRow | undefined> {
  const [row] = await db
    .update(webhookDeliveries)
    .set(begun(claim.leaseMs))
    .where(and(eq(webhookDeliveries.id, claim.id), eq(webhookDeliveries.endpointId, claim.endpointId)))
    .returning();
  return row;
}
