import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';

/**
 * Removes what only served a while: events nobody resumes from any more, webhook ids LiveKit will not send again,
 * sessions long over, workers long gone.
 */
export async function forgetOldRows(db: Queryable): Promise<void> {
  await db.execute(sql`delete from events where at < now() - interval '7 days'`);
  await db.execute(sql`delete from webhook_events where received_at < now() - interval '1 day'`);
  await db.execute(sql`delete from settled_participants where at < now() - interval '30 days'`);
  await db.execute(sql`delete from guesses where since < now() - interval '1 day'`);
  await db.execute(sql`delete from workers where seen_at < now() - interval '1 hour'`);
  await db.execute(sql`delete from sessions where expires_at < now()`);
  await db.execute(sql`delete from sign_in_links where expires_at < now()`);
}
