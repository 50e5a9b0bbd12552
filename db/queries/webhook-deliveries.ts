/** The queue of outgoing webhooks, all of it on the database's clock. */
import { and, asc, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type WebhookDeliveryRow, webhookDeliveries, webhookEndpoints } from '../schema.ts';

const later = (ms: number) => sql`now() + ${ms} * interval '1 millisecond'`;

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
    .set({
      nextAttemptAt: later(claim.leaseMs),
      attemptedAt: sql`now()`,
      attempts: sql`${webhookDeliveries.attempts} + 1`,
    })
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
    .set({
      nextAttemptAt: later(claim.leaseMs),
      attemptedAt: sql`now()`,
      attempts: sql`${webhookDeliveries.attempts} + 1`,
    })
    .where(and(eq(webhookDeliveries.id, claim.id), eq(webhookDeliveries.endpointId, claim.endpointId)))
    .returning();
  return row;
}

export interface AttemptResult {
  delivered: boolean;
  status: number | null;
  durationMs: number;
  answer: string | null;
  error: string | null;
  /** Null: not again. */
  retryInMs: number | null;
}

/** Unless it was delivered meanwhile by somebody else. */
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
      nextAttemptAt: retryInMs === null ? null : later(retryInMs),
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

/** How it went with an endpoint, for who looks after it. Returns for how long nothing has come through. */
export async function noteEndpointResult(db: Queryable, endpointId: string, delivered: boolean): Promise<number> {
  if (delivered) {
    await db
      .update(webhookEndpoints)
      .set({ failingSince: null })
      .where(and(eq(webhookEndpoints.id, endpointId), sql`${webhookEndpoints.failingSince} is not null`));
    return 0;
  }
  await db
    .update(webhookEndpoints)
    .set({ failingSince: sql`now()` })
    .where(and(eq(webhookEndpoints.id, endpointId), isNull(webhookEndpoints.failingSince)));
  const [row] = await db
    .select({ ms: sql<number>`extract(epoch from now() - ${webhookEndpoints.failingSince}) * 1000`.mapWith(Number) })
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.id, endpointId));
  return row?.ms ?? 0;
}

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
