/**
 * LiveKit's webhooks, which are hints: late, twice, out of order, or never. The request is checked on its raw body,
 * its event id is stored, and it is answered; what follows from it is done afterwards, and the reconciler does it too.
 */
import { type ParticipantInfo, WebhookReceiver } from 'livekit-server-sdk';
import { notify } from '../../db/notices.ts';
import { insertWebhookEvent } from '../../db/queries/insert-webhook-event.ts';
import { settleParticipant } from '../../db/queries/settle-participant.ts';
import { applyRules } from './apply-rules.ts';
import type { Control } from './control.ts';
import { isHidden, presentParticipant } from './livekit/present-participant.ts';
import { ProblemError } from './problem-error.ts';

export const WEBHOOK_MAX_BYTES = 64 * 1024;
/** A session id or event id of LiveKit has about 20 characters. */
const MAX_ID_LENGTH = 200;

/** What an older one says may have changed: LiveKit is asked. */
const LATE_MS = 30_000;

type WebhookEvent = Awaited<ReturnType<WebhookReceiver['receive']>>;

/** Throws 401 unless LiveKit signed exactly these bytes, not long ago. */
export async function receiveWebhook(control: Control, body: Uint8Array, authorization: string | null): Promise<void> {
  const event = await verify(control, body, authorization);
  if (event.id === '' || event.id.length > MAX_ID_LENGTH) return;
  if (!(await insertWebhookEvent(control.database.db, event.id))) return;
  const accepted = control.tasks.add(`webhook ${event.event}`, () => act(control, event));
  if (!accepted) control.log.warn({ dropped: control.tasks.dropped }, 'webhook.dropped: too many wait');
}

async function verify(control: Control, body: Uint8Array, authorization: string | null): Promise<WebhookEvent> {
  const { livekitApiKey, livekitApiSecret } = control.environment;
  try {
    // Bytes that are no UTF-8 have no text, and a byte-order mark is part of what was signed.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return await new WebhookReceiver(livekitApiKey, livekitApiSecret).receive(text, authorization ?? '');
  } catch (cause) {
    throw new ProblemError('unauthorised', 'This is not a webhook that your LiveKit server signed.', {}, { cause });
  }
}

async function act(control: Control, event: WebhookEvent): Promise<void> {
  // Recorders join and leave too: nobody sees them, nothing follows from it.
  if (event.participant && isHidden(event.participant)) return;
  const room = event.room?.name;
  if (/^(room|participant|track)_/.test(event.event)) await notify(control.database.db, 'livekit_rooms');
  if (room === undefined || room === '' || !event.participant) return;
  if (event.event === 'participant_left' || event.event === 'participant_connection_aborted') {
    // Its join may still be under way to us.
    await settleParticipant(control.database.db, event.participant.sid.slice(0, MAX_ID_LENGTH));
  } else if (event.event === 'participant_joined') {
    if (isLate(event) && (await isGone(control, room, event.participant))) return;
    await applyRules(control, room, presentParticipant(event.participant));
  } else if (event.event === 'track_published') {
    // The event says neither kind nor permission.
    const participant = await control.livekit.findParticipant(room, event.participant.identity);
    if (participant && !isHidden(participant)) await applyRules(control, room, presentParticipant(participant));
  }
}

function isLate({ createdAt }: WebhookEvent): boolean {
  return Math.abs(Date.now() - Number(createdAt) * 1000) > LATE_MS;
}

async function isGone(control: Control, room: string, { sid, identity }: ParticipantInfo): Promise<boolean> {
  return (await control.livekit.findParticipant(room, identity))?.sid !== sid;
}
