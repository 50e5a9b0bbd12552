/**
 * What a viewer of a share is given for being let in (counted, and with the right password): with it, further ranges are
 * the same view. Nothing is stored: `<nonce>.<end of validity>.<signature over both and the share>`.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Control } from './control.ts';
import { isSameSecret } from './report-token.ts';
import { VIEWER_SESSION_MS } from './timing.ts';

export function createViewerPass(control: Control, shareId: string): string {
  const body = `${randomBytes(12).toString('base64url')}.${Date.now() + VIEWER_SESSION_MS}`;
  return `${body}.${sign(control, shareId, body)}`;
}

export function isViewerPass(control: Control, shareId: string, pass: string | undefined): boolean {
  const [nonce, validUntil, signature, ...rest] = (pass ?? '').split('.');
  if (!nonce || !validUntil || !signature || rest.length > 0) return false;
  return isSameSecret(signature, sign(control, shareId, `${nonce}.${validUntil}`)) && Number(validUntil) > Date.now();
}

function sign(control: Control, shareId: string, body: string): string {
  return createHmac('sha256', control.environment.appSecret).update(`viewer:${shareId}:${body}`).digest('base64url');
}
