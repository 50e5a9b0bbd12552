import { randomUUID } from 'node:crypto';
import type { RecordingTask } from '../recording-options.ts';

/** A recording of its own, cut into segments of a second. */
export function recordingTask(change: Partial<RecordingTask> = {}): RecordingTask {
  const recordingId = randomUUID();
  const attemptId = randomUUID();
  return {
    recordingId,
    attemptId,
    epoch: 1,
    objectPrefix: `recordings/${recordingId}/${attemptId}/`,
    segmentMs: 1000,
    absentAfterMs: 10_000,
    reconnectWindowMs: 5000,
    ...change,
  };
}
