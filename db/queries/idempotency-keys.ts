import { and, eq, gt, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { idempotencyKeys } from '../schema.ts';

export interface KeptAnswer {
  requestHash: string;
  answer: unknown;
}

/** Until the transaction ends nobody else gets past here with this key. Returns the answer it had before, if any. */
export async function lockIdempotencyKey(transaction: Queryable, keyHash: string): Promise<KeptAnswer | undefined> {
  await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${keyHash}, 0))`);
  const [row] = await transaction
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.keyHash, keyHash), gt(idempotencyKeys.createdAt, sql`now() - interval '1 day'`)));
  return row;
}

/** In place of one that is too old. */
export async function keepAnswer(transaction: Queryable, keyHash: string, kept: KeptAnswer): Promise<void> {
  await transaction
    .insert(idempotencyKeys)
    .values({ keyHash, ...kept })
    .onConflictDoUpdate({ target: idempotencyKeys.keyHash, set: { ...kept, createdAt: sql`now()` } });
}
