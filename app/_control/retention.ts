/** How long recordings are kept whose rule says nothing: as somebody set it by hand, else as the environment says. */
import { findRetainDays, forgetRetainDays, setRetainDays } from '../../db/queries/write-retention.ts';
import type { Control } from './control.ts';
import type { Retention } from './settings-api.ts';

export async function getRetention(control: Control): Promise<Retention> {
  const byHand = await findRetainDays(control.database.db);
  const environmentDays = control.environment.retainDays ?? null;
  return byHand === undefined
    ? { retainDays: environmentDays, setBy: 'environment', environmentDays }
    : { retainDays: byHand, setBy: 'hand', environmentDays };
}

/** It counts for recordings that are there already, too. */
export async function setRetention(control: Control, retainDays: number | null): Promise<Retention> {
  await setRetainDays(control.database.db, retainDays);
  return getRetention(control);
}

export async function resetRetention(control: Control): Promise<Retention> {
  await forgetRetainDays(control.database.db);
  return getRetention(control);
}
