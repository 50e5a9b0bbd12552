import { eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type NewRecordingRow, type RecordingRow, recordings } from '../schema.ts';

export type RecordingChange = Partial<Omit<NewRecordingRow, 'id'>>;

/** For holders of the lock (`lockRecording`). Returns the row as it is now. */
export async function updateRecording(db: Queryable, id: string, change: RecordingChange): Promise<RecordingRow> {
  const [row] = await db.update(recordings).set(change).where(eq(recordings.id, id)).returning();
  if (!row) throw new Error(`Recording ${id} vanished while it was locked`);
  return row;
}
