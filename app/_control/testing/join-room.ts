/** A participant without media, as cheap as they come: it joins by LiveKit's signalling and stays. */
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import { WebSocket } from 'ws';

export interface JoinedParticipant {
  leave(): Promise<void>;
}

export async function joinRoom(
  livekit: { url: string; apiKey: string; apiSecret: string },
  room: string,
  identity: string,
  options: { metadata?: string; grant?: VideoGrant } = {},
): Promise<JoinedParticipant> {
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity, ttl: 600, metadata: options.metadata });
  token.addGrant({ roomJoin: true, room, ...options.grant });
  const query = new URLSearchParams({
    access_token: await token.toJwt(),
    protocol: '15',
    auto_subscribe: '0',
    sdk: 'js',
  });
  const socket = new WebSocket(`${livekit.url}/rtc?${query}`);
  await new Promise<void>((resolve, reject) => {
    // The first message is the JoinResponse.
    socket.once('message', () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('LiveKit closed the connection instead of letting us join')));
  });
  return {
    leave: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve();
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
}
