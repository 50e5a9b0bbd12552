import type { Recording } from '../api.ts';

/** What an endpoint can ask to be told. */
export const webhookEvents = [
  'recording.started',
  'recording.paused',
  'recording.resumed',
  'recording.ready',
  'recording.failed',
  'recording.absent',
  'recording.deleted',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** What has happened to a recording between two entries of the log; most entries are no news to an endpoint. */
export function eventsBetween(before: Recording | undefined, after: Recording): WebhookEvent[] {
  const events: WebhookEvent[] = [];
  if (after.startedAt !== null && (before?.startedAt ?? null) === null) events.push('recording.started');
  if (before?.status === after.status) return events;
  if (after.status === 'paused') events.push('recording.paused');
  if (after.status === 'recording' && before?.status === 'paused') events.push('recording.resumed');
  if (after.status === 'ready' || after.status === 'failed' || after.status === 'absent') {
    events.push(`recording.${after.status}`);
  }
  return events;
}
