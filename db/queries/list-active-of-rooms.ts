import { and, inArray, isNull } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import { activeStates } from '../recording-states.ts';
import { type RecordingRow, recordings } from '../schema.ts';

/** Who of these rooms is being recorded. Asked for with every change: so not whole rows, and not of all rooms. */
export async function listActiveOfRooms(
  db: Queryable,
  rooms: readonly string[],
): Promise<Pick<RecordingRow, 'id' | 'room' | 'identity'>[]> {
  if (rooms.length === 0) return [];
  return db
    .select({ id: recordings.id, room: recordings.room, identity: recordings.identity })
    .from(recordings)
    .where(
      and(
        isNull(recordings.deletedAt),
        inArray(recordings.status, [...activeStates]),
        inArray(recordings.room, [...rooms]),
      ),
    );
}
