import { listUnfinishedRecordings } from '../../db/queries/list-unfinished-recordings.ts';
import { activeStates, type RecordingState } from '../../db/recording-states.ts';
import type { LiveEvent, LiveRoom } from './api.ts';
import type { Control } from './control.ts';
import { ROOMS_REFRESH_MS } from './timing.ts';

/** Live rooms as last seen, fresh enough for a page, and who of them is being recorded. */
export async function currentRooms(control: Control): Promise<LiveEvent<'rooms.updated'>> {
  const snapshot = await control.rooms.recent(2 * ROOMS_REFRESH_MS);
  const active = (await listUnfinishedRecordings(control.database.db)).filter((recording) =>
    (activeStates as readonly RecordingState[]).includes(recording.status),
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
