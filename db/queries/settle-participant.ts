import type { Queryable } from '../client.ts';
import { settledParticipants } from '../schema.ts';

/** No rule records this LiveKit session (any more). */
export async function settleParticipant(db: Queryable, participantSid: string): Promise<void> {
  await db.insert(settledParticipants).values({ participantSid }).onConflictDoNothing();
}
