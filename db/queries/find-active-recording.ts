import { and, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { activeStates } from '../recording-states.ts';
import { type RecordingRow, recordings } from '../schema.ts';

/** The one that takes media of this participant now (`participantKey`). */
export async function findActiveRecording(db: Queryable, participantKey: string): Promise<RecordingRow | undefined> {
  const [row] = await db
    .select()
    .from(recordings)
    .where(and(eq(recordings.participantKey, participantKey), inArray(recordings.status, [...activeStates])));
  return row;
}
