/** What is done with endpoints and their messages by hand. */
import { claimWebhookDelivery } from '../../../db/queries/claim-webhook-deliveries.ts';
import { insertWebhookDeliveries } from '../../../db/queries/insert-webhook-deliveries.ts';
import { listWebhookDeliveries } from '../../../db/queries/list-webhook-deliveries.ts';
import {
  countWebhookEndpoints,
  deleteWebhookEndpoint,
  findWebhookEndpoint,
  insertWebhookEndpoint,
  listWebhookEndpoints,
  updateWebhookEndpoint,
} from '../../../db/queries/write-webhook-endpoint.ts';
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../../../db/schema.ts';
import type { PageQuery } from '../api.ts';
import type { Control } from '../control.ts';
import { createdPage, type Page } from '../created-page.ts';
import { notFound, ProblemError } from '../problem-error.ts';
import {
  type CreateWebhookRequest,
  createWebhookRequestSchema,
  type UpdateWebhookRequest,
  type Webhook,
  type WebhookDelivery,
  type WebhookMessage,
  type WebhookWithSecret,
} from '../webhooks-api.ts';
import { DELIVERY_LEASE_MS, deliver, messageOf } from './deliver.ts';
import { assertOutside, ForbiddenAddressError } from './outside-address.ts';
import { createSecretSeed, webhookSecret } from './webhook-secret.ts';

/** Each has a lane with its own connections. */
const MAX_ENDPOINTS = 20;

export async function listWebhooks(control: Control): Promise<Webhook[]> {
  return (await listWebhookEndpoints(control.database.db)).map(presentWebhook);
}

export async function getWebhook(control: Control, id: string): Promise<Webhook> {
  return presentWebhook(await findEndpoint(control, id));
}

/** Told of everything from now on. */
export async function createWebhook(control: Control, request: CreateWebhookRequest): Promise<WebhookWithSecret> {
  const { url, events, enabled } = createWebhookRequestSchema.parse(request);
  await assertReachable(control, url);
  if ((await countWebhookEndpoints(control.database.db)) >= MAX_ENDPOINTS) {
    throw new ProblemError(
      'conflict',
      `There can be ${MAX_ENDPOINTS} webhooks at most. Delete one that is not needed.`,
    );
  }
  const row = await insertWebhookEndpoint(control.database.db, {
    url,
    events,
    enabled,
    secretSeed: createSecretSeed(),
  });
  return withSecret(control, row);
}

export async function updateWebhook(control: Control, id: string, changes: UpdateWebhookRequest): Promise<Webhook> {
  if (changes.url !== undefined) await assertReachable(control, changes.url);
  // Switched by hand, on or off: nothing is left of how it was switched before.
  const byHand = changes.enabled === undefined ? {} : { disabledReason: null, failingSince: null };
  const row = await updateWebhookEndpoint(control.database.db, id, { ...changes, ...byHand });
  return presentWebhook(row ?? raise('webhook'));
}

/** The old secret signs nothing from now on. */
export async function replaceSecret(control: Control, id: string): Promise<WebhookWithSecret> {
  const row = await updateWebhookEndpoint(control.database.db, id, { secretSeed: createSecretSeed() });
  return withSecret(control, row ?? raise('webhook'));
}

export async function deleteWebhook(control: Control, id: string): Promise<void> {
  if (!(await deleteWebhookEndpoint(control.database.db, id))) raise('webhook');
}

/** Sent at once, also to one that is switched off, and not again. */
export async function sendTest(control: Control, id: string): Promise<WebhookDelivery> {
  const endpoint = await findEndpoint(control, id);
  const payload: WebhookMessage = {
    type: 'webhook.test',
    timestamp: new Date().toISOString(),
    data: { message: 'A test: whoever reads this can receive webhooks.' },
  };
  const [row] = await insertWebhookDeliveries(control.database.db, [
    { endpointId: id, type: payload.type, payload, nextAttemptAt: null },
  ]);
  if (!row) throw new Error('An insert returned no row');
  return deliverNow(control, endpoint, row.id);
}

/** The same message with the same id, at once, whether it was taken before or not. */
export async function resend(control: Control, id: string, deliveryId: string): Promise<WebhookDelivery> {
  return deliverNow(control, await findEndpoint(control, id), deliveryId);
}

async function deliverNow(control: Control, endpoint: WebhookEndpointRow, id: string): Promise<WebhookDelivery> {
  const claimed = await claimWebhookDelivery(control.database.db, {
    id,
    endpointId: endpoint.id,
    leaseMs: DELIVERY_LEASE_MS,
  });
  const row = claimed ? await deliver(control, endpoint, claimed) : raise('message');
  if (!row) throw new ProblemError('conflict', 'The server is stopping. Try again in a moment.');
  return presentDelivery(row);
}

export async function listDeliveries(control: Control, id: string, query: PageQuery): Promise<Page<WebhookDelivery>> {
  const { db } = control.database;
  await findEndpoint(control, id);
  return createdPage(query, (page) => listWebhookDeliveries(db, id, page), presentDelivery);
}

async function findEndpoint(control: Control, id: string): Promise<WebhookEndpointRow> {
  return (await findWebhookEndpoint(control.database.db, id)) ?? raise('webhook');
}

async function assertReachable(control: Control, url: string): Promise<void> {
  try {
    await assertOutside(url, control.environment.webhookAllowance);
  } catch (error) {
    if (!(error instanceof ForbiddenAddressError)) throw error;
    throw new ProblemError('bad-request', error.message, { fields: [{ path: 'url', message: error.message }] });
  }
}

function withSecret(control: Control, row: WebhookEndpointRow): WebhookWithSecret {
  return { ...presentWebhook(row), secret: webhookSecret(control.environment.appSecret, row.secretSeed) };
}

function presentWebhook(row: WebhookEndpointRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    events: row.events as Webhook['events'],
    enabled: row.enabled,
    createdAt: row.createdAt.toISOString(),
    failingSince: row.failingSince?.toISOString() ?? null,
    disabledReason: row.disabledReason,
  };
}

function presentDelivery(row: WebhookDeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    type: row.type,
    state: row.deliveredAt !== null ? 'delivered' : row.nextAttemptAt !== null ? 'waiting' : 'failed',
    createdAt: row.createdAt.toISOString(),
    attempts: row.attempts,
    attemptedAt: row.attemptedAt?.toISOString() ?? null,
    nextAttemptAt: row.deliveredAt === null ? (row.nextAttemptAt?.toISOString() ?? null) : null,
    status: row.status,
    durationMs: row.durationMs,
    answer: row.answer,
    error: row.error,
    message: messageOf(row),
  };
}

function raise(what: string): never {
  throw notFound(what);
}
