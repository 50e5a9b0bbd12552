import { eq } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { recordings, settledParticipants } from '../schema.ts';

/**
 * Removes a recording's rows (attempts, segments and shares go with it); its objects must be gone before. The
 * participant's session is remembered, so that no rule starts what somebody just deleted.
 */
export async function deleteRecording(db: Queryable, id: string): Promise<boolean> {
  const [row] = await db
    .delete(recordings)
    .where(eq(recordings.id, id))
    .returning({ participantSid: recordings.participantSid });
  if (row?.participantSid) {
    await db.insert(settledParticipants).values({ participantSid: row.participantSid }).onConflictDoNothing();
  }
  return row !== undefined;
}
