/** Tells listeners which parts are up, and what should be put right, when that changed. While nobody listens, nothing is asked. */
import type { Control } from '../control.ts';
import { recentHealth } from '../health.ts';
import { describeError } from '../http/describe-error.ts';
import { HEALTH_EVERY_MS } from '../timing.ts';
import { currentUpkeep } from '../upkeep.ts';
import type { LiveMessage } from './live-hub.ts';

export function startHealthFeed(control: Control, everyMs = HEALTH_EVERY_MS): { stop(): void } {
  const told = new Map<LiveMessage['kind'], string>();
  const tell = (message: LiveMessage) => {
    const text = JSON.stringify(message);
    if (text === told.get(message.kind)) return;
    told.set(message.kind, text);
    control.hub.publish(message);
  };
  const look = async () => {
    if (control.streams.open === 0) {
      // Who opens a stream is told how it is then.
      told.clear();
      return;
    }
    // A little less than the rhythm, or each answer would serve twice.
    tell({ kind: 'health', health: await recentHealth(control, everyMs * 0.9) });
    try {
      tell({ kind: 'upkeep', upkeep: await currentUpkeep(control) });
    } catch (error) {
      // The health says it of the database; what was known stays.
      control.log.debug({ error: describeError(error) }, 'upkeep.not-known');
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
