/**
 * A browser that somebody signed in with before keeps a signed note of it. Its tries are counted for themselves, so
 * strangers who try an account until it is closed to them do not close it to its owner (OWASP's "device cookies").
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Control } from './control.ts';
import { isSameSecret } from './report-token.ts';

/** `<device>.<signature over it and the user>` */
export function createDeviceNote(control: Control, userId: string): string {
  const device = randomBytes(16).toString('base64url');
  return `${device}.${sign(control, userId, device)}`;
}

/** Which device it is; nothing when the note was made up, or is another person's. */
export function knownDevice(control: Control, userId: string, note: string | undefined): string | undefined {
  const [device, signature, ...rest] = (note ?? '').split('.');
  if (!device || !signature || rest.length > 0) return undefined;
  return isSameSecret(signature, sign(control, userId, device)) ? device : undefined;
}

function sign(control: Control, userId: string, device: string): string {
  return createHmac('sha256', control.environment.appSecret).update(`device:${userId}:${device}`).digest('base64url');
}
