import type { StorageError } from '../storage/object-store.ts';
import { TaskError } from './task-error.ts';

/** By itself, or when a person mends it, as people do while a recording waits. */
const mendable: ReadonlySet<StorageError['reason']> = new Set(['denied', 'unreachable', 'full', 'invalid']);

/** Whoever waits for ever may try again. */
export function mayPass(error: StorageError): boolean {
  return error.retryable || mendable.has(error.reason);
}

export function storeTaskError(error: StorageError, retryable = error.retryable): TaskError {
  return new TaskError(`store.${error.reason}`, error.message, 'destination', retryable, { cause: error });
}
