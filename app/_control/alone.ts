import { sql } from 'drizzle-orm';
import type { Control } from './control.ts';

/** Any numbers will do, as long as nothing else locks them. */
const locks = { reconcile: 7_306_120_003, join: 7_306_120_004, remove: 7_306_120_005 } as const;

const ALIVE_EVERY_MS = 5_000;

/** In one process of the installation at a time: undefined when another one is at it. */
export function alone<Result>(
  control: Control,
  lock: keyof typeof locks,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  // The lock lasts as long as this transaction, in which nothing else is done.
  return control.database.db.transaction(async (db) => {
    const { rows } = await db.execute(sql`select pg_try_advisory_xact_lock(${locks[lock]}) as held`);
    if (!rows[0]?.held) return undefined;
    // A connection on which nothing happens is taken for a broken one.
    const alive = setInterval(() => void db.execute(sql`select 1`).catch(() => {}), ALIVE_EVERY_MS);
    try {
      return await work();
    } finally {
      clearInterval(alive);
    }
  });
}
