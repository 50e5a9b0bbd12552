import { eq, inArray } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type RecordingRow, recordings, settledParticipants } from '../schema.ts';

export type SessionRecording = Pick<RecordingRow, 'id' | 'status' | 'stopReason'>;

/** Recordings made of one LiveKit session (a join), and whether one of them was deleted. */
export async function listSessionRecordings(
  db: Queryable,
  participantSid: string,
): Promise<{ recordings: SessionRecording[]; deleted: boolean }> {
  const [made, settled] = await Promise.all([
    db
      .select({ id: recordings.id, status: recordings.status, stopReason: recordings.stopReason })
      .from(recordings)
      .where(eq(recordings.participantSid, participantSid))
      .limit(100),
    db.select().from(settledParticipants).where(eq(settledParticipants.participantSid, participantSid)),
  ]);
  return { recordings: made, deleted: settled.length > 0 };
}

/** The sessions of `participantSids` that were recorded, are being recorded, or had a recording that was deleted. */
export async function listRecordedSessions(db: Queryable, participantSids: readonly string[]): Promise<Set<string>> {
  if (participantSids.length === 0) return new Set();
  const [made, settled] = await Promise.all([
    db
      .selectDistinct({ sid: recordings.participantSid })
      .from(recordings)
      .where(inArray(recordings.participantSid, [...participantSids])),
    db
      .select({ sid: settledParticipants.participantSid })
      .from(settledParticipants)
      .where(inArray(settledParticipants.participantSid, [...participantSids])),
  ]);
  return new Set([...made, ...settled].flatMap(({ sid }) => (sid ? [sid] : [])));
}
