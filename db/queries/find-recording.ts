import { eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type RecordingRow, recordings } from '../schema.ts';

export async function findRecording(db: Queryable, id: string): Promise<RecordingRow | undefined> {
  const [row] = await db.select().from(recordings).where(eq(recordings.id, id));
  return row;
}
