import type { Gap, StoredSegment, TrackSummary } from '../contract/media.ts';
import type { AttemptState, Command, LiveStats, Outcome } from '../contract/report.ts';

/** How an attempt stands. */
export interface AttemptSnapshot {
  state: AttemptState;
  startedAtUnixMs?: number;
  stoppedAtUnixMs?: number;
  /** Of the moment of the snapshot. */
  captureAgeMs?: number;
  publisherZeroMicros?: number;
  participantSid?: string;
  stats: LiveStats;
  tracks: readonly TrackSummary[];
  gaps: readonly Gap[];
  /** In the store and not acknowledged, in the order they came there: appended to, and taken from the front by `acknowledged`. */
  segments: readonly StoredSegment[];
  /** Set when `state` is `ended`. */
  outcome?: Outcome;
}

/** What the report client needs of a recording. */
export interface ReportedAttempt {
  readonly attemptId: string;
  readonly epoch: number;
  readonly reportToken: string;
  snapshot(): AttemptSnapshot;
  obey(command: Command): void;
  /** The control plane took a report: the attempt is its recorder's until then. @param untilMicros monotonic */
  leased(untilMicros: number): void;
  /** It knows the first so many of the snapshot's segments for good: they need not be kept. */
  acknowledged(segmentCount: number): void;
  /** The control plane knows everything, or wants to know nothing more: what was kept for it on disk goes. */
  release(): Promise<void>;
}
