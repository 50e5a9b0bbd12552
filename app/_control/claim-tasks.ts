/** Queued attempts → tasks for one worker. */
import { claimAttempts } from '../../db/queries/claim-attempts.ts';
import { updateRecording } from '../../db/queries/update-recording.ts';
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import { SEGMENT_MS } from '../../recorder/contract/segment-length.ts';
import type { FinaliseTask, RecordTask, TaskSpec } from '../../recorder/contract/task-spec.ts';
import type { Control } from './control.ts';
import type { Environment } from './environment.ts';
import { createRecorderToken } from './livekit/recorder-token.ts';
import { joinManifestKeyOf, objectPrefixOf } from './object-prefix.ts';
import { recordEvents } from './record-events.ts';
import { createReportToken } from './report-token.ts';
import { ABSENT_AFTER_MS, LEASE_MS } from './timing.ts';

/** A worker that has room for more asks again at once. */
const TASKS_PER_CLAIM = 50;

export async function claimTasks(control: Control, worker: { id: string; freeSlots: number }): Promise<TaskSpec[]> {
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
  return Promise.all(
    claimed.map(({ attempt, recording }) =>
      attempt.kind === 'finalise'
        ? describeJoining(control.environment, attempt)
        : describeRecording(control.environment, recording, attempt),
    ),
  );
}

function describeAttempt({ appSecret }: Environment, { recordingId, id: attemptId, epoch }: AttemptRow) {
  const objectPrefix = objectPrefixOf(recordingId, attemptId);
  return { recordingId, attemptId, epoch, objectPrefix, reportToken: createReportToken(appSecret, attemptId, epoch) };
}

function describeJoining(environment: Environment, attempt: AttemptRow): FinaliseTask {
  const manifestKey = joinManifestKeyOf(attempt.recordingId, attempt.id);
  return { kind: 'finalise', ...describeAttempt(environment, attempt), manifestKey };
}

async function describeRecording(
  environment: Environment,
  recording: RecordingRow,
  attempt: AttemptRow,
): Promise<RecordTask> {
  return {
    kind: 'record',
    ...describeAttempt(environment, attempt),
    livekit: {
      url: environment.livekitSocketUrl,
      token: await createRecorderToken(environment, attempt.id, recording.room),
    },
    room: recording.room,
    identity: recording.identity,
    tracks: recording.wantedTracks,
    segmentMs: SEGMENT_MS,
    // Where an earlier attempt recorded, the participant may be on its way back.
    absentAfterMs: recording.startedAt ? Math.max(ABSENT_AFTER_MS, recording.reconnectWindowMs) : ABSENT_AFTER_MS,
    reconnectWindowMs: recording.reconnectWindowMs,
    maxDurationMs: recording.maxDurationMs === null ? undefined : leftOf(recording.maxDurationMs, recording, attempt),
    undecodable: recording.undecodable,
  };
}

/** What earlier attempts recorded, and the time between, is part of the recording's length. */
function leftOf(maxDurationMs: number, { startedAt }: RecordingRow, { claimedAt }: AttemptRow): number {
  if (!startedAt || !claimedAt) return maxDurationMs;
  return Math.max(1, maxDurationMs - (claimedAt.getTime() - startedAt.getTime()));
}
