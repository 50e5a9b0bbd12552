import type { Queryable } from '../client.ts';
import { installationSettings } from '../schema.ts';

/** As it was set by hand; undefined: it was not. Null: until somebody deletes them. */
export async function findRetainDays(db: Queryable): Promise<number | null | undefined> {
  const [row] = await db.select({ retainDays: installationSettings.retainDays }).from(installationSettings);
  return row?.retainDays;
}

export async function setRetainDays(db: Queryable, retainDays: number | null): Promise<void> {
  await db
    .insert(installationSettings)
    .values({ retainDays })
    .onConflictDoUpdate({ target: installationSettings.id, set: { retainDays } });
}

export async function forgetRetainDays(db: Queryable): Promise<void> {
  await db.delete(installationSettings);
}
