import { AccessToken } from 'livekit-server-sdk';
import type { Environment } from '../environment.ts';
import { RECORDER_TOKEN_MS } from '../timing.ts';

/** Unique per attempt: a second session with the same identity would throw the first one out. */
export function recorderIdentity(attemptId: string): string {
  return `recorder-${attemptId}`;
}

/** Join token of one attempt: hidden, one room, may subscribe and nothing else. */
export function createRecorderToken(environment: Environment, attemptId: string, room: string): Promise<string> {
  const token = new AccessToken(environment.livekitApiKey, environment.livekitApiSecret, {
    identity: recorderIdentity(attemptId),
    ttl: RECORDER_TOKEN_MS / 1000,
  });
  token.addGrant({
    roomJoin: true,
    room,
    hidden: true,
    recorder: true,
    canSubscribe: true,
    canPublish: false,
    canPublishData: false,
    canUpdateOwnMetadata: false,
  });
  return token.toJwt();
}
