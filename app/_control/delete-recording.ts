/** Objects first, rows last: whatever fails in between, the recording is still listed and can be deleted again. */
import { appendEvents } from '../../db/queries/append-events.ts';
import { deleteRecording as deleteRows } from '../../db/queries/delete-recording.ts';
import { findRecording } from '../../db/queries/find-recording.ts';
import { StorageError } from '../../storage/object-store.ts';
import type { Control } from './control.ts';
import { objectPrefixOf } from './object-prefix.ts';
import { isFinal } from './present-recording.ts';
import { notFound, ProblemError } from './problem-error.ts';

/** As many as S3 takes in one request. */
const KEYS_PER_REQUEST = 1000;

export async function deleteRecording(control: Control, id: string): Promise<void> {
  const row = await findRecording(control.database.db, id);
  if (!row) throw notFound('recording');
  if (!isFinal(row.status)) {
    throw new ProblemError(
      'conflict',
      'This recording is not over yet. Stop it, wait until it is ready, then delete it.',
    );
  }
  try {
    await deleteObjects(control, objectPrefixOf(id));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new ProblemError(
      'storage-unreachable',
      `The files could not be removed, so the recording was kept: ${error.message}`,
      {},
      { cause: error },
    );
  }
  await control.database.db.transaction(async (db) => {
    if (await deleteRows(db, id))
      await appendEvents(db, [{ recordingId: id, type: 'recording.deleted', data: { id } }]);
  });
}

async function deleteObjects(control: Control, prefix: string): Promise<void> {
  let keys: string[] = [];
  for await (const object of control.store.list(prefix)) {
    keys.push(object.key);
    if (keys.length < KEYS_PER_REQUEST) continue;
    await control.store.delete(keys);
    keys = [];
  }
  if (keys.length > 0) await control.store.delete(keys);
}
