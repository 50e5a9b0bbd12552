/** Which parts are up, in words. */
import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { listWorkers } from '../../db/queries/upsert-worker.ts';
import type { healthSchema } from './api.ts';
import type { Control } from './control.ts';
import { ProblemError } from './problem-error.ts';
import { HEALTH_EVERY_MS, WORKER_SILENT_MS } from './timing.ts';

export type Health = z.output<typeof healthSchema>;
type Part = Health['parts']['database'];

/** A probe of the store writes, reads and deletes: not for every request of a load balancer. */
const STORAGE_CHECK_MS = 15_000;
/** A part that does not answer within this is down. */
const PATIENCE_MS = 4_000;

const storageChecks = new WeakMap<Control, { atMs: number; part: Promise<Part> }>();

const recentChecks = new WeakMap<Control, { atMs: number; health: Promise<Health> }>();

/** One check serves all who ask within `maxAgeMs`. */
export function recentHealth(control: Control, maxAgeMs = HEALTH_EVERY_MS): Promise<Health> {
  const known = recentChecks.get(control);
  const nowMs = performance.now();
  if (known && nowMs - known.atMs < maxAgeMs) return known.health;
  const health = checkHealth(control);
  recentChecks.set(control, { atMs: nowMs, health });
  return health;
}

export async function checkHealth(control: Control): Promise<Health> {
  const [database, storage, livekit, worker] = await Promise.all([
    part(async () => {
      await control.database.db.execute(sql`select 1`);
      return 'Answers.';
    }, 'The database cannot be reached.'),
    checkStorage(control),
    part(async () => {
      await control.livekit.listRooms(['a room nobody has']);
      return 'Answers.';
    }, 'LiveKit does not answer.'),
    part(async () => {
      const workers = await listWorkers(control.database.db, WORKER_SILENT_MS);
      if (workers.length === 0)
        throw new ProblemError('conflict', 'No worker asks for tasks: start one with "recorder serve".');
      const free = workers.reduce((sum, { freeSlots }) => sum + freeSlots, 0);
      return `${workers.length} running, ${free} more recordings can be taken.`;
    }, 'Unknown while the database cannot be reached.'),
  ]);
  const parts = { database, storage, livekit, worker };
  const up = Object.values(parts).every(({ status }) => status === 'up');
  return { status: up ? 'up' : 'down', parts };
}

function checkStorage(control: Control): Promise<Part> {
  const known = storageChecks.get(control);
  const nowMs = performance.now();
  if (known && nowMs - known.atMs < STORAGE_CHECK_MS) return known.part;
  const checking = part(async () => {
    await control.store.check();
    return 'Writes, reads and deletes.';
  }, 'The storage cannot be used.');
  storageChecks.set(control, { atMs: nowMs, part: checking });
  // What is down is looked at again with the next request.
  void checking.then(({ status }) => {
    if (status === 'down') storageChecks.delete(control);
  });
  return checking;
}

async function part(check: () => Promise<string>, sentence: string): Promise<Part> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS);
  });
  try {
    return { status: 'up', detail: await Promise.race([check(), late]) };
  } catch (error) {
    // Anyone may ask: addresses and reasons are for the log of whoever runs it.
    return {
      status: 'down',
      detail: error instanceof ProblemError && error.code === 'conflict' ? error.detail : sentence,
    };
  } finally {
    clearTimeout(timer);
  }
}
