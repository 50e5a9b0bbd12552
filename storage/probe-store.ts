import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type ObjectStore, StorageError } from './object-store.ts';

export interface ProbeStep {
  name: 'write' | 'read' | 'range' | 'delete';
  durationMs: number;
  /** Undefined: it works. */
  error: unknown;
}

/** Writes, reads, ranges and deletes a small object; throws a StorageError that says which of it does not work. */
export async function probeStore(store: ObjectStore): Promise<void> {
  const failed = (await inspectStore(store)).find(({ error }) => error !== undefined);
  if (failed) throw failed.error;
}

/** The same step by step; what needs a step that failed is left out. */
export async function inspectStore(store: ObjectStore): Promise<ProbeStep[]> {
  const steps: ProbeStep[] = [];
  const step = async (name: ProbeStep['name'], work: () => Promise<void>): Promise<boolean> => {
    const fromMs = performance.now();
    const error = await work().then(
      () => undefined,
      (cause: unknown) => cause ?? new Error('no reason was given'),
    );
    steps.push({ name, durationMs: Math.round(performance.now() - fromMs), error });
    return error === undefined;
  };

  const key = `probe/${randomUUID()}`;
  const written = Buffer.from(`probe ${key}`);
  if (!(await step('write', () => store.put(key, written, { contentType: 'text/plain' })))) return steps;
  const isRead = await step('read', async () => {
    const whole = await buffer(await store.read(key));
    if (!whole.equals(written)) throw wrong(store, 'returned other bytes than were written');
  });
  if (isRead) {
    await step('range', async () => {
      const part = await buffer(await store.read(key, { startByte: 2, endByte: 5 }));
      if (!part.equals(written.subarray(2, 6)))
        throw wrong(store, 'does not answer byte ranges, which players need to seek');
    });
  }
  await step('delete', async () => {
    await store.delete([key]);
    if (await store.head(key)) throw wrong(store, 'still has an object after its deletion was acknowledged');
  });
  return steps;
}

function wrong(store: ObjectStore, what: string): StorageError {
  return new StorageError('invalid', `${store.description} ${what}. It cannot be used for recordings.`, false);
}
