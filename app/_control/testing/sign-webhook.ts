/** A webhook as LiveKit signs it: a bare JWT with the hash of the body. */
import { createHash, createHmac } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';

export interface WebhookKeys {
  livekitApiKey: string;
  livekitApiSecret: string;
}

export function bodyHash(body: string): string {
  return createHash('sha256').update(body).digest('base64');
}

export async function signWebhook(keys: WebhookKeys, body: string): Promise<string> {
  const token = new AccessToken(keys.livekitApiKey, keys.livekitApiSecret, { ttl: 300 });
  token.sha256 = bodyHash(body);
  return token.toJwt();
}

/** Any claims, also impossible ones. */
export function signClaims(secret: string, claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
