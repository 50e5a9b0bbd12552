import type { Queryable } from '../client.ts';
import { type NewRecordingRow, type RecordingRow, recordings } from '../schema.ts';

/** The new row, or nothing when the participant is already being recorded (`recordings_one_active`). */
export async function insertRecording(db: Queryable, recording: NewRecordingRow): Promise<RecordingRow | undefined> {
  const [row] = await db.insert(recordings).values(recording).onConflictDoNothing().returning();
  return row;
}
