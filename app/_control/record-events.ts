import type { Queryable } from '../../db/client.ts';
import { appendEvents } from '../../db/queries/append-events.ts';
import type { RecordingRow } from '../../db/schema.ts';
import { presentRecordings } from './present-recording.ts';

/** Logs what these recordings are now, for whoever watches. */
export async function recordEvents(db: Queryable, rows: readonly RecordingRow[]): Promise<void> {
  const recordings = await presentRecordings(db, rows);
  await appendEvents(
    db,
    recordings.map((recording) => ({ recordingId: recording.id, type: 'recording.updated', data: recording })),
  );
}
