/** Each endpoint has a lane of its own: one that is slow or gone holds up nobody else's messages. */
import { claimWebhookDeliveries, listDueEndpoints } from '../../../db/queries/claim-webhook-deliveries.ts';
import { findWebhookEndpoint } from '../../../db/queries/write-webhook-endpoint.ts';
import type { Control } from '../control.ts';
import { describeError } from '../http/describe-error.ts';
import { DELIVERY_LEASE_MS, deliver } from './deliver.ts';

/** At the same time, to one endpoint. */
const PER_ENDPOINT = 4;

export class DeliveryLanes {
  readonly #control: Control;
  readonly #lanes = new Map<string, Promise<void>>();

  constructor(control: Control) {
    this.#control = control;
  }

  /** Begins with what is due, and does not wait for it. */
  async begin(): Promise<void> {
    for (const endpointId of await listDueEndpoints(this.#control.database.db)) {
      if (this.#lanes.has(endpointId)) continue;
      const lane = this.#run(endpointId).finally(() => this.#lanes.delete(endpointId));
      this.#lanes.set(endpointId, lane);
    }
  }

  /** Resolves when all lanes have sent what was due. */
  async settled(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes.values());
  }

  async #run(endpointId: string): Promise<void> {
    const { database, stopping, log } = this.#control;
    try {
      while (!stopping.aborted) {
        const endpoint = await findWebhookEndpoint(database.db, endpointId);
        if (!endpoint) return;
        const due = await claimWebhookDeliveries(database.db, {
          endpointId,
          leaseMs: DELIVERY_LEASE_MS,
          limit: PER_ENDPOINT,
        });
        if (due.length === 0) return;
        await Promise.all(due.map((delivery) => deliver(this.#control, endpoint, delivery)));
      }
    } catch (error) {
      // What was claimed is due again when its lease is over.
      log.warn({ webhookId: endpointId, error: describeError(error) }, 'webhooks.failed, will be tried again');
    }
  }
}
