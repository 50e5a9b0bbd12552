/** One attempt at one message: signed, sent, and written down how it went. */
import { Webhook as Signer } from 'standardwebhooks';
import { noteEndpointResult } from '../../../db/queries/note-endpoint-result.ts';
import { giveBackWebhookDelivery, settleWebhookDelivery } from '../../../db/queries/settle-webhook-delivery.ts';
import { updateWebhookEndpoint } from '../../../db/queries/write-webhook-endpoint.ts';
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../../../db/schema.ts';
import type { Control } from '../control.ts';
import type { WebhookMessage } from '../webhooks-api.ts';
import { type OutsideAnswer, postOutside } from './post-outside.ts';
import { webhookSecret } from './webhook-secret.ts';

/** As Standard Webhooks recommends. */
const TIMEOUT_MS = 15_000;
/** Longer than an attempt can take: who holds one for so long is gone. */
export const DELIVERY_LEASE_MS = 60_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After the first attempt that failed, the second …: over more than a day, so that a night without a receiver costs nothing. */
const RETRY_DELAYS_MS = [
  5_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
] as const;
/** So that many that failed at the same time do not come back at the same time. */
const JITTER = 0.2;
/** Nobody looks after an endpoint that has taken nothing for so long. */
const GIVE_UP_AFTER_MS = 3 * 24 * HOUR_MS;

/** Of a row that was claimed. */
export async function deliver(
  control: Control,
  endpoint: WebhookEndpointRow,
  delivery: WebhookDeliveryRow,
): Promise<WebhookDeliveryRow | undefined> {
  const { db } = control.database;
  let result: OutsideAnswer;
  try {
    result = await postOutside({
      url: endpoint.url,
      ...signed(control, endpoint, delivery),
      allowance: control.environment.webhookAllowance,
      timeoutMs: TIMEOUT_MS,
      signal: control.stopping,
    });
  } catch (error) {
    if (!control.stopping.aborted) throw error;
    await giveBackWebhookDelivery(db, delivery.id);
    return undefined;
  }
  const delivered = result.error === null;
  const row = await settleWebhookDelivery(db, delivery.id, {
    ...result,
    delivered,
    retryInMs: delivered || delivery.eventId === null ? null : retryDelay(delivery.attempts),
  });
  const failingForMs = await noteEndpointResult(db, endpoint.id, delivered);
  if (result.status === 410) await switchOff(control, endpoint, 'It answered 410: it wants no more messages.');
  else if (failingForMs > GIVE_UP_AFTER_MS) {
    await switchOff(control, endpoint, 'It has taken no message for three days.');
  }
  return row;
}

/** In the order in which people read it: what the database keeps has none. */
export function messageOf({ payload }: Pick<WebhookDeliveryRow, 'payload'>): WebhookMessage {
  const { type, timestamp, data } = payload as WebhookMessage;
  return { type, timestamp, data };
}

function signed(control: Control, endpoint: WebhookEndpointRow, delivery: WebhookDeliveryRow) {
  const id = `msg_${delivery.id}`;
  const at = new Date();
  const body = JSON.stringify(messageOf(delivery));
  const signer = new Signer(webhookSecret(control.environment.appSecret, endpoint.secretSeed));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'participant-recorder',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signer.sign(id, at, body),
    },
  };
}

/** Null: that was the last one. */
export function retryDelay(attempts: number): number | null {
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  return delayMs === undefined ? null : Math.round(delayMs * (1 + JITTER * Math.random()));
}

async function switchOff(control: Control, endpoint: WebhookEndpointRow, disabledReason: string): Promise<void> {
  await updateWebhookEndpoint(control.database.db, endpoint.id, { enabled: false, disabledReason });
  control.log.warn({ webhookId: endpoint.id, reason: disabledReason }, 'webhook.switched off');
}
