import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { webhookEndpoints } from '../schema.ts';

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
