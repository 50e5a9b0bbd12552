import type { StorageError } from '../storage/object-store.ts';

/** By itself, or when a person mends it, as people do while a recording waits. */
const mendable: ReadonlySet<StorageError['reason']> = new Set(['denied', 'unreachable', 'full', 'invalid']);

/** Whoever waits for ever may try again. */
export function mayPass(error: StorageError): boolean {
  return error.retryable || mendable.has(error.reason);
}
