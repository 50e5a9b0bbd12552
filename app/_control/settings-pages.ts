/** What the pages of the settings call, without HTTP. See pages.ts. */
import { idSchema, pageQuerySchema } from './api.ts';
import { webhookUrlOf } from './checks/check-livekit.ts';
import { listWorkers as workersNow } from './checks/list-workers.ts';
import { controlPlane } from './control-plane.ts';
import type { Page } from './created-page.ts';
import type { ApiDocument } from './openapi/document.ts';
import { describeApi } from './openapi.ts';
import { getRetention as retentionNow } from './retention.ts';
import type { Retention, Worker } from './settings-api.ts';
import { listDeliveries, listWebhooks as webhooksNow } from './webhooks/webhooks.ts';
import type { Webhook, WebhookDelivery } from './webhooks-api.ts';

/** No secret is in it. */
export async function connectionFacts(): Promise<{ livekitUrl: string; livekitApiKey: string; webhookUrl: string }> {
  const control = await controlPlane();
  const { livekitApiUrl, livekitApiKey } = control.environment;
  return { livekitUrl: livekitApiUrl, livekitApiKey, webhookUrl: webhookUrlOf(control) };
}

export async function storageDescription(): Promise<string> {
  return (await controlPlane()).store.description;
}

/** With what this dashboard runs, to compare them with. */
export async function listWorkers(): Promise<{ workers: Worker[]; version: string | undefined }> {
  const control = await controlPlane();
  return { workers: await workersNow(control), version: control.version };
}

export async function getRetention(): Promise<Retention> {
  return retentionNow(await controlPlane());
}

export async function listWebhooks(): Promise<Webhook[]> {
  return webhooksNow(await controlPlane());
}

/** One that takes nothing, or was switched off for it. */
export async function hasBrokenWebhooks(): Promise<boolean> {
  const webhooks = await listWebhooks();
  return webhooks.some(({ enabled, failingSince, disabledReason }) =>
    enabled ? failingSince !== null : disabledReason !== null,
  );
}

/** Undefined also for text that is no id. */
export async function findWebhookWithLog(
  id: string,
): Promise<{ webhook: Webhook; log: Page<WebhookDelivery> } | undefined> {
  if (!idSchema.safeParse(id).success) return undefined;
  const control = await controlPlane();
  const webhook = (await webhooksNow(control)).find((candidate) => candidate.id === id);
  return webhook && { webhook, log: await listDeliveries(control, id, pageQuerySchema.parse({})) };
}

export async function apiDocument(): Promise<ApiDocument> {
  return describeApi((await controlPlane()).environment.publicUrl);
}
