import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { guesses } from '../schema.ts';

/** Counts one more and says how many there were since the time began; an older count begins anew. */
export async function countGuess(db: Queryable, key: string, withinMs: number): Promise<number> {
  const isOld = sql`${guesses.since} < now() - ${withinMs} * interval '1 millisecond'`;
  const [row] = await db
    .insert(guesses)
    .values({ key, count: 1 })
    .onConflictDoUpdate({
      target: guesses.key,
      set: {
        count: sql`case when ${isOld} then 1 else ${guesses.count} + 1 end`,
        since: sql`case when ${isOld} then now() else ${guesses.since} end`,
      },
    })
    .returning({ count: guesses.count });
  if (!row) throw new Error('An insert returned no row');
  return row.count;
}

/** The guess was right: it is none. */
export async function uncountGuess(db: Queryable, key: string): Promise<void> {
  await db
    .update(guesses)
    .set({ count: sql`greatest(${guesses.count} - 1, 0)` })
    .where(eq(guesses.key, key));
}
