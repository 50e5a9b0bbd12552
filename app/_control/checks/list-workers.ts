import { listWorkerLoads } from '../../../db/queries/list-worker-loads.ts';
import type { Control } from '../control.ts';
import type { Worker } from '../settings-api.ts';
import { WORKER_SILENT_MS } from '../timing.ts';

/** Those that ask for tasks. */
export async function listWorkers(control: Control): Promise<Worker[]> {
  const loads = await listWorkerLoads(control.database.db, WORKER_SILENT_MS);
  return loads.map((load) => ({ ...load, seenAt: load.seenAt.toISOString() }));
}
