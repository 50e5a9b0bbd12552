import { and, eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type AttemptRow, attempts, type RecordingRow, recordings } from '../schema.ts';

/**
 * The recording, locked until the transaction ends. Whoever changes a recording or an attempt of it takes this lock
 * first, so that writers come one after the other and never in two orders.
 */
export async function lockRecording(db: Queryable, id: string): Promise<RecordingRow | undefined> {
  const [row] = await db.select().from(recordings).where(eq(recordings.id, id)).for('update');
  return row;
}

/** The recording of an attempt, locked, and the attempt. */
export async function lockRecordingOfAttempt(
  db: Queryable,
  attemptId: string,
): Promise<{ recording: RecordingRow; attempt: AttemptRow } | undefined> {
  const found = await findAttempt(db, attemptId);
  const recording = found && (await lockRecording(db, found.recordingId));
  if (!recording) return undefined;
  // Read after the lock was given: what another writer did before is in it.
  const attempt = await findAttempt(db, attemptId);
  return attempt && { recording, attempt };
}

export async function findAttempt(db: Queryable, id: string): Promise<AttemptRow | undefined> {
  const [row] = await db.select().from(attempts).where(eq(attempts.id, id));
  return row;
}

/** The attempt that owns a recording now: the one with its epoch. */
export async function findNewestAttempt(db: Queryable, recording: RecordingRow): Promise<AttemptRow | undefined> {
  const [attempt] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.recordingId, recording.id), eq(attempts.epoch, recording.epoch)));
  return attempt;
}
