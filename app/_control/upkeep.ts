import { listTroubledEndpoints } from '../../db/queries/list-troubled-endpoints.ts';
import { listWorkers } from '../../db/queries/upsert-worker.ts';
import type { Control } from './control.ts';
import { WEBHOOK_TROUBLE_MS, WORKER_SILENT_MS } from './timing.ts';
import type { Upkeep } from './upkeep-api.ts';

export async function currentUpkeep({ database: { db }, version }: Control): Promise<Upkeep> {
  const [endpoints, workers] = await Promise.all([
    listTroubledEndpoints(db, WEBHOOK_TROUBLE_MS),
    listWorkers(db, WORKER_SILENT_MS),
  ]);
  const others = version === undefined ? [] : workers.filter((worker) => worker.version !== version);
  return {
    version: version ?? null,
    otherWorkers: others.map(({ id, version }) => ({ id, version })).sort((one, other) => (one.id < other.id ? -1 : 1)),
    webhooks: endpoints.map(({ id, url, failingSince, disabledReason }) => ({
      id,
      host: new URL(url).host,
      failingSince: failingSince?.toISOString() ?? null,
      disabledReason,
    })),
  };
}
