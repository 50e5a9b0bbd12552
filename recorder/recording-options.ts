import type { Logger } from 'pino';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Clock } from './clock.ts';
import type { Gap, StoredSegment, TrackSummary } from './contract/media.ts';
import type { AttemptState, LiveStats, Outcome } from './contract/report.ts';
import type { RecordTask } from './contract/task-spec.ts';
import type { ParticipantSource } from './participant-source.ts';
import type { Ticker } from './rtp/ticker.ts';

/** What a recording needs of its task; who joins which room is the source's matter. */
export type RecordingTask = Pick<
  RecordTask,
  | 'recordingId'
  | 'attemptId'
  | 'epoch'
  | 'objectPrefix'
  | 'segmentMs'
  | 'absentAfterMs'
  | 'reconnectWindowMs'
  | 'maxDurationMs'
  | 'undecodable'
> &
  Partial<Pick<RecordTask, 'reportToken'>>;

export interface RecordingOptions {
  task: RecordingTask;
  source: ParticipantSource;
  store: ObjectStore;
  spoolDir: string;
  clock: Clock;
  log: Pick<Logger, 'info' | 'warn'>;
  /** How long a store that fails is tried after the recording has ended; undefined: for ever. */
  storePatienceMs?: number;
  /** `snapshot()` may say something new. */
  onChange(): void;
  ticker?: Pick<Ticker, 'add'>;
}

/** How a recording stands. */
export interface RecordingSnapshot {
  state: AttemptState;
  /** Wall clock of time 0; set from the first frame on. */
  startedAtUnixMs?: number;
  stoppedAtUnixMs?: number;
  /** How long ago time 0 was, on the monotonic clock. */
  captureAgeMs?: number;
  /** The publisher's NTP clock at time 0, Unix microseconds, and whose it is. */
  publisherZeroMicros?: number;
  participantSid?: string;
  stats: LiveStats;
  tracks: TrackSummary[];
  gaps: Gap[];
  /** In the store and not acknowledged, in the order they came there. */
  segments: readonly StoredSegment[];
  outcome?: Outcome;
}
