import { inArray } from 'drizzle-orm';
import { listQueue } from '../../db/queries/list-queue.ts';
import { recordings } from '../../db/schema.ts';
import type { Control } from './control.ts';
import { recordEvents } from './record-events.ts';

/** Who waits further behind hears it when it comes closer. */
const TOLD_AT_MOST = 200;

const told = new WeakMap<Control, readonly string[]>();

/** Tells those who watch when recordings wait for a recorder and their places have changed. */
export async function tellQueue(control: Control): Promise<void> {
  const { db } = control.database;
  const queue = await listQueue(db, TOLD_AT_MOST);
  const before = told.get(control) ?? [];
  told.set(control, queue);
  const moved = queue.filter((id, index) => before[index] !== id);
  if (moved.length === 0) return;
  await db.transaction(async (transaction) => {
    const rows = await transaction.select().from(recordings).where(inArray(recordings.id, moved));
    await recordEvents(transaction, rows);
  });
}
