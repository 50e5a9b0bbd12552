import { StorageError } from './object-store.ts';

/** One rule for all drivers, so that a key that works with one works with the others and never leaves its folder. */
const keyPattern = /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/;
const mostKeyBytes = 512;

/** Throws `invalid` for a key that is not made of ids: `[a-z0-9._-]` between single slashes, no part beginning with a dot. */
export function assertObjectKey(key: string): void {
  if (key.length > mostKeyBytes || !keyPattern.test(key) || key.includes('..')) {
    throw new StorageError(
      'invalid',
      `${JSON.stringify(key.slice(0, 80))} is not an object key: only a-z 0-9 . _ - between single slashes, at most ${mostKeyBytes} characters.`,
      false,
    );
  }
}
