import type { ObjectStore } from '../../storage/object-store.ts';

/** As many as S3 takes in one request. */
const KEYS_PER_REQUEST = 1000;

/** Removes everything below a prefix but what is to be kept. Repeating it is no error. */
export async function removeObjects(
  store: ObjectStore,
  prefix: string,
  kept: ReadonlySet<string> = new Set(),
): Promise<void> {
  let keys: string[] = [];
  for await (const { key } of store.list(prefix)) {
    if (kept.has(key)) continue;
    keys.push(key);
    if (keys.length < KEYS_PER_REQUEST) continue;
    await store.delete(keys);
    keys = [];
  }
  if (keys.length > 0) await store.delete(keys);
}
