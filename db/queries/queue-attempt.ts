import { sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { notify } from '../notices.ts';
import { type AttemptRow, attempts } from '../schema.ts';

export interface NewAttempt {
  recordingId: string;
  epoch: number;
  /** To be taken from then on; default: now. */
  delayMs?: number;
  /** Joins what others stored, instead of recording: with the id its manifest is stored under. */
  joins?: { attemptId: string; segments: number };
}

/** Puts a new attempt in the queue. */
export async function queueAttempt(db: Queryable, attempt: NewAttempt): Promise<AttemptRow> {
  const [row] = await db
    .insert(attempts)
    .values({
      recordingId: attempt.recordingId,
      epoch: attempt.epoch,
      availableAt: sql`now() + ${attempt.delayMs ?? 0} * interval '1 millisecond'`,
      ...(attempt.joins && {
        id: attempt.joins.attemptId,
        kind: 'finalise' as const,
        joinedSegments: attempt.joins.segments,
      }),
    })
    .returning();
  if (!row) throw new Error('An insert returned no row');
  await notify(db, 'recorder_tasks', row.id);
  return row;
}
