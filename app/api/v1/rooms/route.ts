import { currentRooms } from '../../../_control/current-rooms.ts';
import { handle } from '../../../_control/http/handle.ts';

/** Room[] in `items`; while LiveKit is down, those last seen, and `livekit` says so. */
export const GET = handle({
  access: 'rooms:read',
  async run({ control }) {
    const { rooms, livekit } = await currentRooms(control);
    return { items: rooms, nextCursor: null, livekit };
  },
});
