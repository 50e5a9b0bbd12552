import type { Queryable } from '../../../db/client.ts';
import { type NewAttempt, queueAttempt } from '../../../db/queries/queue-attempt.ts';
import type { AttemptRow } from '../../../db/schema.ts';

/** The pool's launcher: the attempt is queued and the workers that wait are woken; one of them takes it. */
export function queueInPool(db: Queryable, attempt: NewAttempt): Promise<AttemptRow> {
  return queueAttempt(db, attempt);
}
