import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';

/** Notes that a cron job runs now. Returns how long ago the one before did, on the database's clock; infinity: never. */
export async function touchCronRun(db: Queryable): Promise<number> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.execute(
      sql`select extract(epoch from now() - ran_at) * 1000 as ms from cron_runs for update`,
    );
    await transaction.execute(
      sql`insert into cron_runs (ran_at) values (now()) on conflict (id) do update set ran_at = now()`,
    );
    return rows[0] ? Number(rows[0].ms) : Number.POSITIVE_INFINITY;
  });
}
