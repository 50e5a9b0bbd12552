import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type ObjectStore, StorageError } from './object-store.ts';

/** Writes, reads, ranges and deletes a small object; throws a StorageError that says which of it does not work. */
export async function probeStore(store: ObjectStore): Promise<void> {
  const key = `probe/${randomUUID()}`;
  const written = Buffer.from(`probe ${key}`);
  await store.put(key, written, { contentType: 'text/plain' });
  try {
    const whole = await buffer(await store.read(key));
    if (!whole.equals(written)) throw wrong(store, 'returned other bytes than were written');
    const part = await buffer(await store.read(key, { startByte: 2, endByte: 5 }));
    if (!part.equals(written.subarray(2, 6)))
      throw wrong(store, 'does not answer byte ranges, which players need to seek');
  } finally {
    await store.delete([key]);
  }
  if (await store.head(key)) throw wrong(store, 'still has an object after its deletion was acknowledged');
}

function wrong(store: ObjectStore, what: string): StorageError {
  return new StorageError('invalid', `${store.description} ${what}. It cannot be used for recordings.`, false);
}
