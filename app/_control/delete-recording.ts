/**
 * Deletion, by a person or because its days are over, in three steps that can be repeated from anywhere:
 *
 * 1. It is marked: from now on nobody sees it, its shares open nothing, and no rule records that session again.
 * 2. Its objects are removed, whatever they are: everything below `recordings/<id>/`.
 * 3. Its rows are removed. A note stays for a day: what a recorder that did not hear of it stored meanwhile goes then too.
 *
 * A store that does not answer, or a crash in between, leaves it marked, and the next sweep goes on.
 */
import type { Queryable } from '../../db/client.ts';
import { appendEvents } from '../../db/queries/append-events.ts';
import {
  deleteRows,
  forgetDeleted,
  listDeletedLongAgo,
  listMarked,
  markDeleted,
  markExpired,
} from '../../db/queries/delete-recording.ts';
import { lockRecording } from '../../db/queries/lock-recording.ts';
import { StorageError } from '../../storage/object-store.ts';
import type { Control } from './control.ts';
import { objectPrefixOf } from './object-prefix.ts';
import { isFinal } from './present-recording.ts';
import { notFound, ProblemError } from './problem-error.ts';
import type { DeletedRecording } from './recordings-api.ts';
import { removeObjects } from './remove-objects.ts';
import { getRetention } from './retention.ts';

/** What one sweep takes on; the next one comes soon. */
const REMOVED_PER_SWEEP = 20;
const EXPIRED_PER_SWEEP = 200;

export async function deleteRecording(control: Control, id: string): Promise<void> {
  await mark(control, id);
  await removeWhenPossible(control, id);
}

/** Each for itself: one that cannot be deleted does not keep the others. Their objects go after the answer. */
export async function deleteRecordings(control: Control, ids: readonly string[]): Promise<DeletedRecording[]> {
  const results: DeletedRecording[] = [];
  for (const id of new Set(ids)) {
    try {
      await mark(control, id);
      results.push({ id, outcome: 'deleted', detail: null });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      results.push({ id, outcome: error.status === 404 ? 'not-found' : 'not-over', detail: error.message });
    }
  }
  control.tasks.add('delete recordings', async () => {
    for (const { id, outcome } of results) if (outcome === 'deleted') await removeWhenPossible(control, id);
  });
  return results;
}

async function mark(control: Control, id: string): Promise<void> {
  await control.database.db.transaction(async (db) => {
    const row = await lockRecording(db, id);
    if (!row || row.deletedAt !== null) throw notFound('recording');
    if (!isFinal(row.status)) {
      throw new ProblemError(
        'conflict',
        'This recording is not over yet. Stop it, wait until it is ready, then delete it.',
      );
    }
    await markDeleted(db, [id]);
    await tellDeleted(db, [id]);
  });
}

async function removeWhenPossible(control: Control, id: string): Promise<void> {
  try {
    await removeMarked(control, id);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    control.log.warn({ recordingId: id, error: error.message }, 'delete.waits for the storage');
  }
}

/** Marks what was kept long enough. `retainDays`: for recordings whose rule says nothing. */
export async function expireRecordings(control: Control): Promise<number> {
  const { retainDays } = await getRetention(control);
  return control.database.db.transaction(async (db) => {
    const ids = await markExpired(db, { retainDays: retainDays ?? undefined, limit: EXPIRED_PER_SWEEP });
    await tellDeleted(db, ids);
    if (ids.length > 0) control.log.info({ count: ids.length }, 'recordings.expired');
    return ids.length;
  });
}

/** Goes on with what is marked. Throws when the store does not answer. */
export async function removeDeleted(control: Control): Promise<number> {
  const ids = await listMarked(control.database.db, REMOVED_PER_SWEEP);
  for (const id of ids) await removeMarked(control, id);
  return ids.length;
}

/** Looks once more where deleted recordings were. */
export async function removeLateObjects(control: Control): Promise<void> {
  for (const id of await listDeletedLongAgo(control.database.db, REMOVED_PER_SWEEP)) {
    await removeObjects(control.store, objectPrefixOf(id));
    await forgetDeleted(control.database.db, id);
  }
}

async function removeMarked(control: Control, id: string): Promise<void> {
  await removeObjects(control.store, objectPrefixOf(id));
  await control.database.db.transaction((db) => deleteRows(db, id));
}

function tellDeleted(db: Queryable, ids: readonly string[]): Promise<void> {
  return appendEvents(
    db,
    ids.map((id) => ({ recordingId: id, type: 'recording.deleted' as const, data: { id } })),
  );
}
