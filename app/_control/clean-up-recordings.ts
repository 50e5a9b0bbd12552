/**
 * Some minutes after a recording was ready: what its finished files were made of is removed, objects first, then rows.
 * Nobody pays storage twice. Before, the files are looked at once more; when one is not as it was, everything stays.
 */
import { listToClean, markCleaned } from '../../db/queries/clean-recordings.ts';
import type { RecordingRow } from '../../db/schema.ts';
import type { Control } from './control.ts';
import { objectPrefixOf, previewKeyOf, previewKinds } from './object-prefix.ts';
import { removeObjects } from './remove-objects.ts';
import { CLEAN_AFTER_MS } from './timing.ts';

const CLEANED_PER_SWEEP = 20;

/** Throws when the store does not answer. */
export async function cleanUpRecordings(control: Control): Promise<number> {
  const rows = await listToClean(control.database.db, { readyForMs: CLEAN_AFTER_MS, limit: CLEANED_PER_SWEEP });
  for (const row of rows) {
    const damaged = await findDamaged(control, row);
    if (damaged === undefined) {
      const kept = [...row.media.map((media) => media.key), ...previewKinds.map((kind) => previewKeyOf(row.id, kind))];
      await removeObjects(control.store, objectPrefixOf(row.id), new Set(kept));
    } else {
      control.log.error({ recordingId: row.id, key: damaged }, 'clean-up.refused: a finished file is not as it was');
    }
    await markCleaned(control.database.db, row.id, { removeSegments: damaged === undefined });
  }
  return rows.length;
}

async function findDamaged(control: Control, { media }: RecordingRow): Promise<string | undefined> {
  for (const { key, sizeBytes } of media) {
    const object = await control.store.head(key);
    if (object?.sizeBytes !== sizeBytes) return key;
  }
  return undefined;
}
