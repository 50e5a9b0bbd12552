/** What a dashboard process does without being asked. Started once, by instrumentation.ts. */
import { forgetOldRows } from '../../db/queries/forget-old-rows.ts';
import { alone } from './alone.ts';
import { cleanUpRecordings } from './clean-up-recordings.ts';
import type { Control } from './control.ts';
import { expireRecordings, removeDeleted, removeLateObjects } from './delete-recording.ts';
import { expireAttempts } from './expire-attempts.ts';
import { describeError } from './http/describe-error.ts';
import { joinWaiting } from './join-attempts.ts';
import { reconcile } from './reconcile.ts';
import { reportBacklog } from './report-backlog.ts';
import { tellQueue } from './tell-queue.ts';
import {
  EXPIRE_EVERY_MS,
  LEASE_MS,
  RECONCILE_EVERY_MS,
  REMOVE_EVERY_MS,
  ROOMS_REFRESH_MS,
  WEBHOOKS_EVERY_MS,
} from './timing.ts';
import { DeliveryLanes } from './webhooks/delivery-lanes.ts';
import { queueDeliveries } from './webhooks/queue-deliveries.ts';

const FORGET_EVERY_MS = 3_600_000;
/** A process that was held up for this long cannot know that recorders could report meanwhile. */
const HELD_UP_MS = LEASE_MS / 2;

/** Resolves when everything has stopped, after `control.stopping`. */
export async function runBackground(control: Control): Promise<void> {
  await Promise.all([
    expireForEver(control),
    repeat(control, 'reconcile', RECONCILE_EVERY_MS, () => reconcileOnce(control)),
    repeat(control, 'join', EXPIRE_EVERY_MS, () => joinWaiting(control)),
    repeat(control, 'remove', REMOVE_EVERY_MS, () => removeOnce(control)),
    repeat(control, 'forget', FORGET_EVERY_MS, () => forgetOnce(control)),
    sendWebhooksForEver(control),
    // Webhooks ask for it too; this is for those that were lost, and for processes that get none.
    repeat(control, 'rooms', ROOMS_REFRESH_MS, () => control.rooms.recent(ROOMS_REFRESH_MS - 1000)),
  ]);
}

async function sendWebhooksForEver(control: Control): Promise<void> {
  const lanes = new DeliveryLanes(control);
  await repeat(control, 'webhooks', WEBHOOKS_EVERY_MS, () => sendWebhooks(control, lanes));
  await lanes.settled();
}

/** Queues what happened and begins to send what is due. */
export async function sendWebhooks(control: Control, lanes: DeliveryLanes): Promise<void> {
  await queueDeliveries(control);
  await lanes.begin();
}

function expireForEver(control: Control): Promise<void> {
  let steadySinceMs = performance.now();
  let lastMs = steadySinceMs;
  return repeat(control, 'expire', EXPIRE_EVERY_MS, async () => {
    const nowMs = performance.now();
    // Asleep, stopped, or busy: reports may not have come through either.
    const isHeldUp = nowMs - lastMs > HELD_UP_MS || reportBacklog(control).oldestMs(nowMs) > HELD_UP_MS;
    if (isHeldUp) steadySinceMs = nowMs;
    try {
      await expireAttempts(control, { steadyForMs: nowMs - steadySinceMs });
    } catch (error) {
      // Without the database nobody could renew a lease.
      steadySinceMs = performance.now();
      throw error;
    } finally {
      lastMs = performance.now();
    }
  });
}

export async function reconcileOnce(control: Control): Promise<void> {
  const done = await reconcile(control);
  if (!done) return;
  if (done.begun > 0) control.log.info(done, 'reconciled');
  await tellQueue(control);
}

/** Deletion and clean-up, in one process at a time. */
export async function removeOnce(control: Control): Promise<void> {
  await alone(control, 'remove', async () => {
    await expireRecordings(control);
    await removeDeleted(control);
    await cleanUpRecordings(control);
    await removeLateObjects(control);
  });
}

export async function forgetOnce(control: Control): Promise<void> {
  await forgetOldRows(control.database.db);
  await control.store.removeUnfinished();
}

/** Again `everyMs` after the last one ended. A failure is logged once until it passes. */
async function repeat(control: Control, name: string, everyMs: number, work: () => Promise<unknown>): Promise<void> {
  let failing = false;
  while (!control.stopping.aborted) {
    try {
      await work();
      if (failing) control.log.info({ name }, 'background.works again');
      failing = false;
    } catch (error) {
      if (!failing) control.log.warn({ name, error: describeError(error) }, 'background.failed, will be tried again');
      failing = true;
    }
    await pause(everyMs, control.stopping);
  }
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
