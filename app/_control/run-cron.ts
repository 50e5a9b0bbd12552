/**
 * What `runBackground` does, for an installation where no process stays: once, or again and again for as long as the job
 * may take.
 */
import { touchCronRun } from '../../db/queries/touch-cron-run.ts';
import { forgetOnce, pause, reconcileOnce, removeOnce, sendWebhooks } from './background.ts';
import type { Control } from './control.ts';
import { expireAttempts } from './expire-attempts.ts';
import { describeError } from './http/describe-error.ts';
import { joinWaiting } from './join-attempts.ts';
import { CRON_SILENT_MS, LEASE_MS, RECONCILE_EVERY_MS } from './timing.ts';
import { DeliveryLanes } from './webhooks/delivery-lanes.ts';

export interface CronRun {
  passes: number;
  /** What could not be done; the next run tries again. */
  failed: string[];
}

export async function runCron(control: Control, options: { forMs: number; signal: AbortSignal }): Promise<CronRun> {
  const endMs = performance.now() + options.forMs;
  const signal = AbortSignal.any([options.signal, control.stopping]);
  const silentMs = await touchCronRun(control.database.db);
  // Nobody has looked for long: maybe nobody could report either.
  const steadyForMs = silentMs < CRON_SILENT_MS ? LEASE_MS : 0;
  const failed = new Set<string>();
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      failed.add(name);
      control.log.warn({ name, error: describeError(error) }, 'cron.failed, will be tried again');
    }
  };
  const lanes = new DeliveryLanes(control);
  let passes = 0;
  do {
    if (passes > 0) await pause(RECONCILE_EVERY_MS, signal);
    await attempt('expire', () => expireAttempts(control, { steadyForMs }));
    await attempt('reconcile', () => reconcileOnce(control));
    await control.tasks.settled();
    await attempt('join', () => joinWaiting(control));
    await attempt('webhooks', () => sendWebhooks(control, lanes));
    passes += 1;
  } while (performance.now() + RECONCILE_EVERY_MS < endMs && !signal.aborted);
  await attempt('remove', () => removeOnce(control));
  await attempt('forget', () => forgetOnce(control));
  await lanes.settled();
  return { passes, failed: [...failed] };
}
