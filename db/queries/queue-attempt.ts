import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { notify } from '../notices.ts';
import { type AttemptRow, attempts } from '../schema.ts';

/** Puts a new attempt in the queue, to be taken from `delayMs` from now on. */
export async function queueAttempt(
  db: Queryable,
  attempt: { recordingId: string; epoch: number; delayMs?: number },
): Promise<AttemptRow> {
  const [row] = await db
    .insert(attempts)
    .values({
      recordingId: attempt.recordingId,
      epoch: attempt.epoch,
      availableAt: sql`now() + ${attempt.delayMs ?? 0} * interval '1 millisecond'`,
    })
    .returning();
  if (!row) throw new Error('An insert returned no row');
  await notify(db, 'recorder_tasks', row.id);
  return row;
}
