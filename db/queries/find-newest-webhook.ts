import { desc } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { webhookEvents } from '../schema.ts';

/** When LiveKit's newest webhook came. Those of a day are known. */
export async function findNewestWebhookAt(db: Queryable): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: webhookEvents.receivedAt })
    .from(webhookEvents)
    .orderBy(desc(webhookEvents.receivedAt))
    .limit(1);
  return row?.at;
}
