import { StorageError } from '../../../storage/object-store.ts';
import { inspectStore, type ProbeStep } from '../../../storage/probe-store.ts';
import type { Control } from '../control.ts';
import type { Check } from '../settings-api.ts';

const words: Record<ProbeStep['name'], { name: string; works: string }> = {
  write: { name: 'Write', works: 'A small object was stored.' },
  read: { name: 'Read', works: 'It came back as it was written.' },
  range: { name: 'Read a part', works: 'Players can seek.' },
  delete: { name: 'Delete', works: 'It is gone.' },
};

/** Whether the store can do what recordings need of it. */
export async function checkStorage(control: Control): Promise<Check> {
  const steps = await inspectStore(control.store);
  return {
    ok: steps.every(({ error }) => error === undefined),
    steps: steps.map(({ name, durationMs, error }) => ({
      name: words[name].name,
      state: error === undefined ? 'works' : 'fails',
      detail: error === undefined ? words[name].works : explain(error),
      durationMs,
    })),
  };
}

function explain(error: unknown): string {
  return error instanceof StorageError ? error.message : 'It failed for a reason nobody foresaw. The log says which.';
}
