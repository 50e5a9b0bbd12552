import { createHmac, timingSafeEqual } from 'node:crypto';

/** Bearer of one attempt's reports. Nothing is stored: the secret and the attempt make it. */
export function createReportToken(appSecret: string, attemptId: string, epoch: number): string {
  return createHmac('sha256', appSecret).update(`report:${attemptId}:${epoch}`).digest('base64url');
}

export function isReportToken(token: string, appSecret: string, attemptId: string, epoch: number): boolean {
  return isSameSecret(token, createReportToken(appSecret, attemptId, epoch));
}

/** Compares in a time that says nothing about where two secrets differ, nor how long they are. */
export function isSameSecret(given: string, expected: string): boolean {
  const key = 'compare';
  const digest = (value: string) => createHmac('sha256', key).update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
