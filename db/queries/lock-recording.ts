import { and, asc, eq, sql } from 'drizzle-orm';
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

export interface LockedRecording {
  recording: RecordingRow;
  /** All of it, oldest first. */
  attempts: AttemptRow[];
  /** The database's clock at the beginning of the transaction. */
  now: Date;
}

/** The recording, locked, and its attempts. */
export async function lockWithAttempts(db: Queryable, id: string): Promise<LockedRecording | undefined> {
  const recording = await lockRecording(db, id);
  return recording && withAttempts(db, recording);
}

/** The recording of an attempt, locked, the attempt, and all others of it. */
export async function lockRecordingOfAttempt(
  db: Queryable,
  attemptId: string,
): Promise<(LockedRecording & { attempt: AttemptRow }) | undefined> {
  const [found] = await db
    .select({ recording: recordings })
    .from(recordings)
    .innerJoin(attempts, eq(attempts.recordingId, recordings.id))
    .where(eq(attempts.id, attemptId))
    .for('update', { of: recordings });
  const locked = found && (await withAttempts(db, found.recording));
  const attempt = locked?.attempts.find((one) => one.id === attemptId);
  return locked && attempt && { ...locked, attempt };
}

async function withAttempts(db: Queryable, recording: RecordingRow): Promise<LockedRecording> {
  // Read after the lock was given: what another writer did before is in it.
  const rows = await db
    .select({ attempt: attempts, now: sql`now()`.mapWith(attempts.createdAt) })
    .from(attempts)
    .where(eq(attempts.recordingId, recording.id))
    .orderBy(asc(attempts.epoch));
  const now = rows[0]?.now ?? recording.requestedAt;
  return { recording, attempts: rows.map((row) => row.attempt), now };
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
