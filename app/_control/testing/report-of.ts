import type { StoredSegment } from '../../../recorder/contract/media.ts';
import type { Report } from '../../../recorder/contract/report.ts';
import type { TaskSpec } from '../../../recorder/contract/task-spec.ts';

/** What a recorder with this task reports while it records. */
export function reportOf(task: TaskSpec, change: Partial<Report> = {}): Report {
  return {
    attemptId: task.attemptId,
    epoch: task.epoch,
    reportToken: task.reportToken,
    state: 'recording',
    stats: {
      durationMs: 1000,
      sizeBytes: 250_000,
      bitrateBps: 2_000_000,
      framesPerSecond: 30,
      packetsLost: 0,
      packetsRepaired: 0,
      segmentsPending: 0,
    },
    tracks: [],
    gaps: [],
    segments: [],
    ...change,
  };
}

export function segmentOf(task: TaskSpec, sequence: number, change: Partial<StoredSegment> = {}): StoredSegment {
  return {
    medium: 'camera',
    sequence,
    part: 1,
    container: 'webm',
    key: `${task.objectPrefix}camera/${String(sequence).padStart(6, '0')}.webm`,
    headerBytes: 10,
    sizeBytes: 100,
    sha256: 'a'.repeat(64),
    startMicros: (sequence - 1) * 2_000_000,
    endMicros: sequence * 2_000_000,
    hasVideo: true,
    ...change,
  };
}
