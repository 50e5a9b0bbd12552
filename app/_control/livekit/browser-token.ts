import { randomUUID } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';
import type { Environment } from '../environment.ts';
import { VIEWER_TOKEN_MS } from '../timing.ts';

export interface BrowserToken {
  url: string;
  token: string;
  identity: string;
  expiresAt: string;
}

/** To watch a room unseen. */
export function createViewerToken(environment: Environment, room: string): Promise<BrowserToken> {
  return createBrowserToken(environment, room, `viewer-${randomUUID()}`, { hidden: true, canPublish: false });
}

/** To take part in a room from a page of ours. */
export function createJoinToken(environment: Environment, room: string, identity: string): Promise<BrowserToken> {
  return createBrowserToken(environment, room, identity, { hidden: false, canPublish: true });
}

async function createBrowserToken(
  environment: Environment,
  room: string,
  identity: string,
  grant: { hidden: boolean; canPublish: boolean },
): Promise<BrowserToken> {
  const token = new AccessToken(environment.livekitApiKey, environment.livekitApiSecret, {
    identity,
    ttl: VIEWER_TOKEN_MS / 1000,
  });
  token.addGrant({ roomJoin: true, room, canSubscribe: true, canPublishData: false, ...grant });
  return {
    url: environment.livekitSocketUrl,
    token: await token.toJwt(),
    identity,
    expiresAt: new Date(Date.now() + VIEWER_TOKEN_MS).toISOString(),
  };
}
