import { and, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { type RecordingRow, recordings } from '../schema.ts';

/** Unless it was deleted. */
export async function findRecording(db: Queryable, id: string): Promise<RecordingRow | undefined> {
  const [row] = await db
    .select()
    .from(recordings)
    .where(and(eq(recordings.id, id), isNull(recordings.deletedAt)));
  return row;
}
