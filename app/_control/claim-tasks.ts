/** Queued attempts → tasks for one worker. */
import { claimAttempts } from '../../db/queries/claim-attempts.ts';
import { updateRecording } from '../../db/queries/update-recording.ts';
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import type { Control } from './control.ts';
import type { Environment } from './environment.ts';
import { createRecorderToken } from './livekit/recorder-token.ts';
import { objectPrefixOf } from './object-prefix.ts';
import { recordEvents } from './record-events.ts';
import { createReportToken } from './report-token.ts';
import { ABSENT_AFTER_MS, LEASE_MS, SEGMENT_MS } from './timing.ts';

/** A worker that has room for more asks again at once. */
const TASKS_PER_CLAIM = 50;

export async function claimTasks(control: Control, worker: { id: string; freeSlots: number }): Promise<RecordTask[]> {
  const limit = Math.min(worker.freeSlots, TASKS_PER_CLAIM);
  if (limit === 0) return [];
  const claimed = await control.database.db.transaction(async (db) => {
    const taken = await claimAttempts(db, { workerId: worker.id, limit, leaseMs: LEASE_MS });
    const moved: RecordingRow[] = [];
    for (const { recording } of taken) {
      if (recording.status !== 'requested') continue;
      moved.push(await updateRecording(db, recording.id, { status: 'starting' }));
    }
    await recordEvents(db, moved);
    return taken;
  });
  return Promise.all(claimed.map(({ attempt, recording }) => describeTask(control.environment, recording, attempt)));
}

async function describeTask(
  environment: Environment,
  recording: RecordingRow,
  attempt: AttemptRow,
): Promise<RecordTask> {
  return {
    kind: 'record',
    recordingId: recording.id,
    attemptId: attempt.id,
    epoch: attempt.epoch,
    livekit: {
      url: environment.livekitSocketUrl,
      token: await createRecorderToken(environment, attempt.id, recording.room),
    },
    room: recording.room,
    identity: recording.identity,
    tracks: recording.wantedTracks,
    objectPrefix: objectPrefixOf(recording.id, attempt.id),
    segmentMs: SEGMENT_MS,
    absentAfterMs: ABSENT_AFTER_MS,
    reconnectWindowMs: recording.reconnectWindowMs,
    maxDurationMs: recording.maxDurationMs ?? undefined,
    undecodable: recording.undecodable,
    reportToken: createReportToken(environment.appSecret, attempt.id, attempt.epoch),
  };
}
