/**
 * Requests with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): the same key with the same request is
 * answered the same for a day, and done once. What is done and the note of it are one transaction, and who comes with
 * the same key meanwhile waits for its end. What was refused is not noted: it may be possible the next time.
 */
import { createHash } from 'node:crypto';
import { keepAnswer, lockIdempotencyKey } from '../../../db/queries/idempotency-keys.ts';
import type { Control } from '../control.ts';
import { ProblemError } from '../problem-error.ts';
import { type Caller, callerName } from './authorise.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export async function answerOnce(
  control: Control,
  { request, caller, body }: { request: Request; caller: Caller; body: unknown },
  /** Works with the control plane it is given: what it writes belongs to the transaction. */
  run: (control: Control) => Promise<Answer>,
): Promise<Answer> {
  const key = request.headers.get('idempotency-key');
  if (key === null) return run(control);
  if (key === '' || key.length > 255) {
    throw new ProblemError('bad-request', 'The Idempotency-Key must have 1 to 255 characters.');
  }
  const { pathname } = new URL(request.url);
  // Two people may choose the same key.
  const keyHash = hash([callerName(caller), request.method, pathname, key]);
  const requestHash = hash(body);
  return control.database.db.transaction(async (db) => {
    const kept = await lockIdempotencyKey(db, keyHash);
    if (kept && kept.requestHash !== requestHash) {
      throw new ProblemError('invalid', 'This Idempotency-Key came with another request before. Use a new one.');
    }
    if (kept) return kept.answer as Answer;
    const answer = await run({ ...control, database: { ...control.database, db } });
    await keepAnswer(db, keyHash, { requestHash, answer });
    return answer;
  });
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
