import type { Environment } from '../environment.ts';
import { DEVICE_MS, SESSION_MS, VIEWER_SESSION_MS } from '../timing.ts';

/** Behind TLS the name itself promises Secure, the whole site, and no other host (RFC 6265bis, 4.1.3.2). */
export function sessionCookieName({ publicUrl }: Environment): string {
  return publicUrl.startsWith('https:') ? '__Host-recorder-session' : 'recorder-session';
}

/** An empty value removes it. */
export function sessionCookie(environment: Environment, session: string): string {
  const maxAge = session === '' ? 0 : SESSION_MS / 1000;
  return `${sessionCookieName(environment)}=${session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure(environment)}`;
}

/** Sent back to sign-in only. */
export const deviceCookieName = 'recorder-device';

export function deviceCookie(environment: Environment, note: string): string {
  return `${deviceCookieName}=${note}; Path=/api/sign-in; HttpOnly; SameSite=Strict; Max-Age=${DEVICE_MS / 1000}${secure(environment)}`;
}

export const viewerCookieName = 'recorder-viewer';

/** Sent back for this share only. */
export function viewerCookie(environment: Environment, token: string, value: string): string {
  return `${viewerCookieName}=${value}; Path=/s/${token}; HttpOnly; SameSite=Lax; Max-Age=${VIEWER_SESSION_MS / 1000}${secure(environment)}`;
}

export function readCookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

function secure({ publicUrl }: Environment): string {
  return publicUrl.startsWith('https:') ? '; Secure' : '';
}
