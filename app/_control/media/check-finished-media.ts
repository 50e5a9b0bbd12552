import type { Outcome } from '../../../recorder/contract/report.ts';
import { StorageError } from '../../../storage/object-store.ts';
import type { Control } from '../control.ts';

/**
 * A recording is `ready` only when its files are in the store, below its attempt's prefix, with the reported size. An
 * outcome that says otherwise becomes a failure; `unknown` while the store does not answer: the recorder reports again.
 */
export async function checkFinishedMedia(
  control: Control,
  outcome: Outcome,
  objectPrefix: string,
): Promise<Outcome | 'unknown'> {
  if (outcome.kind !== 'finished') return outcome;
  for (const media of outcome.media) {
    if (!isBelow(media.key, objectPrefix)) return incomplete(`names a ${media.medium} file that is not its own`);
    try {
      const object = await control.store.head(media.key);
      if (!object) return incomplete(`but its ${media.medium} file is not in the storage`);
      if (object.sizeBytes !== media.sizeBytes) {
        return incomplete(`but its ${media.medium} file has ${object.sizeBytes} bytes instead of ${media.sizeBytes}`);
      }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      control.log.warn({ error: error.message }, 'report.waits: the storage does not answer');
      return 'unknown';
    }
  }
  return outcome;
}

/** A token of one attempt gives no say over the objects of another. */
export function isBelow(key: string, objectPrefix: string): boolean {
  return key.startsWith(objectPrefix) && /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/.test(key);
}

function incomplete(what: string): Outcome {
  return {
    kind: 'failed',
    reason: 'storage.incomplete',
    message: `The recorder finished, ${what}. What its segments hold can still be played.`,
    fault: 'destination',
    retryable: false,
  };
}
