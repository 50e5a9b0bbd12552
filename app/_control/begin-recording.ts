/** The rows with which every recording begins, whoever wanted it. */
import type { Queryable } from '../../db/client.ts';
import { participantKey } from '../../db/participant-key.ts';
import { findActiveRecording } from '../../db/queries/find-active-recording.ts';
import { insertRecording } from '../../db/queries/insert-recording.ts';
import type { NewRecordingRow, RecordingRow } from '../../db/schema.ts';
import { queueInPool } from './launcher/pool.ts';
import { recordEvents } from './record-events.ts';

export type RecordingWish = Omit<NewRecordingRow, 'id' | 'participantKey' | 'epoch' | 'status'>;

export type Beginning =
  | { begun: true; recording: RecordingRow }
  /** The participant is being recorded already, by this one. */
  | { begun: false; recording: RecordingRow };

export function beginRecording(db: Queryable, wish: RecordingWish): Promise<Beginning> {
  return db.transaction(async (transaction) => {
    const key = participantKey(wish.room, wish.identity);
    // The one in the way may end between the refusal and the look: then there is room after all.
    for (let turn = 0; turn < 3; turn++) {
      const recording = await insertRecording(transaction, { ...wish, participantKey: key, epoch: 1 });
      if (recording) {
        await queueInPool(transaction, { recordingId: recording.id, epoch: 1 });
        await recordEvents(transaction, [recording]);
        return { begun: true, recording };
      }
      const active = await findActiveRecording(transaction, key);
      if (active) return { begun: false, recording: active };
    }
    throw new Error('A recording was in the way three times and gone each time');
  });
}
