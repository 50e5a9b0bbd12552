import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';

/** In the log of each endpoint, however much happens. */
const DELIVERIES_KEPT = 10_000;

/**
 * Removes what only served a while: events nobody resumes from any more, what was done a year ago, webhook ids LiveKit will not send again,
 * messages to endpoints long sent or given up, answers to starts that nobody repeats, sessions long over, workers long
 * gone.
 */
export async function forgetOldRows(db: Queryable): Promise<void> {
  await db.execute(sql`delete from events where at < now() - interval '7 days'`);
  await db.execute(sql`delete from actions where at < now() - interval '365 days'`);
  await db.execute(sql`delete from webhook_events where received_at < now() - interval '1 day'`);
  await db.execute(sql`delete from webhook_deliveries where created_at < now() - interval '7 days'`);
  await db.execute(sql`
    delete from webhook_deliveries where id in (
      select id from (
        select id, row_number() over (partition by endpoint_id order by created_at desc, id desc) as place
        from webhook_deliveries where next_attempt_at is null
      ) as over where place > ${DELIVERIES_KEPT}
    )`);
  await db.execute(sql`delete from idempotency_keys where created_at < now() - interval '1 day'`);
  await db.execute(sql`delete from settled_participants where at < now() - interval '30 days'`);
  await db.execute(sql`delete from guesses where since < now() - interval '1 day'`);
  await db.execute(sql`delete from workers where seen_at < now() - interval '1 hour'`);
  await db.execute(sql`delete from sessions where expires_at < now()`);
  await db.execute(sql`delete from sign_in_links where expires_at < now()`);
}
