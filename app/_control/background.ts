/** What a dashboard process does without being asked. Started once, by instrumentation.ts. */
import { forgetOldRows } from '../../db/queries/forget-old-rows.ts';
import type { Control } from './control.ts';
import { describeError } from './http/describe-error.ts';
import { reconcile } from './reconcile.ts';
import { RECONCILE_EVERY_MS, ROOMS_REFRESH_MS } from './timing.ts';

const FORGET_EVERY_MS = 3_600_000;
/** A reconciler that was held up for this long cannot know that recorders could report meanwhile. */
const HELD_UP_MS = 3 * RECONCILE_EVERY_MS;

/** Resolves when everything has stopped, after `control.stopping`. */
export async function runBackground(control: Control): Promise<void> {
  await Promise.all([reconcileForEver(control), refreshRoomsForEver(control), forgetForEver(control)]);
}

async function reconcileForEver(control: Control): Promise<void> {
  let steadySinceMs = performance.now();
  let lastMs = steadySinceMs;
  await repeat(control, 'reconcile', RECONCILE_EVERY_MS, async () => {
    const nowMs = performance.now();
    // Asleep, stopped, or busy: reports may not have come through either.
    if (nowMs - lastMs > HELD_UP_MS) steadySinceMs = nowMs;
    lastMs = nowMs;
    try {
      const done = await reconcile(control, { steadyForMs: nowMs - steadySinceMs });
      if (done && done.begun + done.replaced + done.failed > 0) control.log.info(done, 'reconciled');
    } catch (error) {
      // Without the database nobody could renew a lease.
      steadySinceMs = performance.now();
      throw error;
    }
  });
}

/** Webhooks ask for it too; this is for those that were lost, and for processes that get none. */
function refreshRoomsForEver(control: Control): Promise<void> {
  return repeat(control, 'rooms', ROOMS_REFRESH_MS, async () => {
    await control.rooms.recent(ROOMS_REFRESH_MS - 1000);
  });
}

function forgetForEver(control: Control): Promise<void> {
  return repeat(control, 'forget', FORGET_EVERY_MS, () => forgetOldRows(control.database.db));
}

/** Again `everyMs` after the last one ended. A failure is logged once until it passes. */
async function repeat(control: Control, name: string, everyMs: number, work: () => Promise<void>): Promise<void> {
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

function pause(ms: number, signal: AbortSignal): Promise<void> {
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
