/** Tells listeners which parts are up, when that changed. While nobody listens, nothing is asked. */
import type { Control } from '../control.ts';
import { recentHealth } from '../health.ts';
import { HEALTH_EVERY_MS } from '../timing.ts';

export function startHealthFeed(control: Control, everyMs = HEALTH_EVERY_MS): { stop(): void } {
  let told = '';
  const look = async () => {
    if (control.streams.open === 0) return;
    // A little less than the rhythm, or each answer would serve twice.
    const health = await recentHealth(control, everyMs * 0.9);
    const text = JSON.stringify(health);
    if (text === told) return;
    told = text;
    control.hub.publish({ kind: 'health', health });
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
