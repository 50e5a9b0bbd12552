import { listActiveOfRooms } from '../../db/queries/list-active-of-rooms.ts';
import type { LiveEvent, LiveRoom } from './api.ts';
import type { Control } from './control.ts';
import { ROOMS_REFRESH_MS } from './timing.ts';

/** Live rooms as last seen, fresh enough for a page, and who of them is being recorded. */
export async function currentRooms(control: Control): Promise<LiveEvent<'rooms.updated'>> {
  const snapshot = await control.rooms.recent(2 * ROOMS_REFRESH_MS);
  const active = await listActiveOfRooms(
    control.database.db,
    snapshot.rooms.map(({ name }) => name),
  );
  const recordingIds = new Map(active.map((row) => [JSON.stringify([row.room, row.identity]), row.id]));
  const rooms = snapshot.rooms.map(
    (room): LiveRoom => ({
      ...room,
      participants: room.participants.map((participant) => ({
        ...participant,
        recordingId: recordingIds.get(JSON.stringify([room.name, participant.identity])) ?? null,
      })),
    }),
  );
  return { rooms, livekit: snapshot.livekit };
}
