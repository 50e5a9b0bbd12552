import type { LiveRoom } from '../../app/_control/api.ts';
import type { Page } from '../api-client.ts';
import type { Context } from '../context.ts';
import { table } from '../terminal.ts';

export async function rooms(context: Context): Promise<void> {
  const { items } = await context.api.json<Page<LiveRoom>>('GET', '/api/v1/rooms');
  context.show(items, sayRooms);
}

function sayRooms(items: readonly LiveRoom[]): string {
  const rows = items.flatMap((room) =>
    room.participants.map(({ identity, tracks, recordingId }) => [
      room.name,
      identity,
      tracks.map(({ source }) => source).join(' '),
      recordingId ?? '',
    ]),
  );
  return rows.length === 0 ? 'Nobody is in a room.\n' : table(['ROOM', 'IDENTITY', 'TRACKS', 'RECORDING'], rows);
}
