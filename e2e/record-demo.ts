import type { LiveRoom, Recording } from '../app/_control/api.ts';
import type { ApiClient } from './api-client.ts';
import { expect } from './fixtures.ts';

/** A finished recording, of some seconds, of a demo participant in a room of its own. */
export async function recordDemo(api: ApiClient, room: string, identity = 'ann'): Promise<Recording> {
  await api.addDemoParticipant({ room, identity, size: '640x360', seconds: 30 });
  const tracks = async () => {
    const { items } = await api.json<{ items: LiveRoom[] }>('GET', '/api/v1/rooms');
    return items.find(({ name }) => name === room)?.participants[0]?.tracks.length;
  };
  await expect.poll(tracks).toBe(2);
  const { id } = await api.json<Recording>('POST', '/api/v1/recordings', { room, identity });
  await api.recordingWhere(room, ({ durationMs }) => durationMs > 5000);
  await api.json('POST', `/api/v1/recordings/${id}/stop`);
  return api.recordingWhere(room, ({ status }) => status === 'ready');
}
