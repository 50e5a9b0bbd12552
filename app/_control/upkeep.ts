import { listTroubledEndpoints } from '../../db/queries/list-troubled-endpoints.ts';
import type { Control } from './control.ts';
import { WEBHOOK_TROUBLE_MS } from './timing.ts';
import type { Upkeep } from './upkeep-api.ts';

export async function currentUpkeep({ database: { db } }: Control): Promise<Upkeep> {
  const endpoints = await listTroubledEndpoints(db, WEBHOOK_TROUBLE_MS);
  return {
    webhooks: endpoints.map(({ id, url, failingSince, disabledReason }) => ({
      id,
      host: new URL(url).host,
      failingSince: failingSince?.toISOString() ?? null,
      disabledReason,
    })),
  };
}
