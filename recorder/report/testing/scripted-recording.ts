import { randomUUID } from 'node:crypto';
import type { StoredSegment } from '../../contract/media.ts';
import { type Command, noLiveStats, type Outcome, type StopReason } from '../../contract/report.ts';
import type { RecordTask, TaskSpec } from '../../contract/task-spec.ts';
import type { RunningRecording } from '../held-recording.ts';
import type { AttemptSnapshot } from '../reported-attempt.ts';

/** A recording that does what the test says. */
export class ScriptedRecording implements RunningRecording {
  readonly task: TaskSpec;
  readonly obeyed: Command[] = [];
  readonly stoppedFor: StopReason[] = [];
  /** What a stop leads to; unset: it takes forever. */
  onStop: Outcome | undefined;
  /** What handing over leads to; unset: it cannot be. */
  onHandOver: Outcome | undefined;
  readonly leasedUntilMicros: number[] = [];
  isReleased = false;
  onChange: () => void = () => {};
  #snapshot: AttemptSnapshot = {
    state: 'starting',
    stats: noLiveStats,
    tracks: [],
    gaps: [],
    segments: [],
  };
  #stored = 0;
  #end: (outcome: Outcome) => void = () => {};
  #break: (error: Error) => void = () => {};

  constructor(task: TaskSpec = taskSpec()) {
    this.task = task;
  }

  get attemptId(): string {
    return this.task.attemptId;
  }
  get epoch(): number {
    return this.task.epoch;
  }
  get reportToken(): string {
    return this.task.reportToken;
  }

  run(): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#break = reject;
    });
  }

  obey(command: Command): void {
    this.obeyed.push(command);
  }

  stop(reason: StopReason): void {
    this.stoppedFor.push(reason);
    if (this.onStop) this.end(this.onStop);
  }

  handOver(): boolean {
    if (this.onHandOver) this.end(this.onHandOver);
    return this.onHandOver !== undefined;
  }

  leased(untilMicros: number): void {
    this.leasedUntilMicros.push(untilMicros);
  }

  acknowledged(segmentCount: number): void {
    this.#snapshot = { ...this.#snapshot, segments: this.#snapshot.segments.slice(segmentCount) };
  }

  async release(): Promise<void> {
    this.isReleased = true;
  }

  snapshot(): AttemptSnapshot {
    return this.#snapshot;
  }

  change(part: Partial<AttemptSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part };
    this.onChange();
  }

  store(count: number): void {
    const from = this.#stored;
    this.#stored += count;
    const more = Array.from({ length: count }, (_, index) => storedSegment(from + index + 1));
    this.change({ segments: [...this.#snapshot.segments, ...more] });
  }

  end(outcome: Outcome): void {
    this.change({ state: 'ended', outcome });
    this.#end(outcome);
  }

  breakOff(error: Error): void {
    this.#break(error);
  }
}

export function taskSpec(): RecordTask {
  const recordingId = randomUUID();
  const attemptId = randomUUID();
  return {
    kind: 'record',
    recordingId,
    attemptId,
    epoch: 1,
    livekit: { url: 'ws://127.0.0.1:1', token: 'join-token' },
    room: 'room',
    identity: 'identity',
    tracks: ['camera', 'microphone'],
    objectPrefix: `recordings/${recordingId}/${attemptId}/`,
    segmentMs: 2000,
    absentAfterMs: 60_000,
    reconnectWindowMs: 0,
    reportToken: `token-of-${attemptId}`,
  };
}

export function storedSegment(sequence: number): StoredSegment {
  return {
    medium: 'camera',
    sequence,
    part: 1,
    container: 'webm',
    key: `recordings/x/camera/${String(sequence).padStart(6, '0')}.webm`,
    headerBytes: 100,
    sizeBytes: 1000,
    sha256: '0'.repeat(64),
    startMicros: (sequence - 1) * 2_000_000,
    endMicros: sequence * 2_000_000,
    hasVideo: true,
  };
}

export const finished: Outcome = {
  kind: 'finished',
  stopReason: 'requested',
  media: [
    {
      medium: 'camera',
      key: 'recordings/x/camera.webm',
      contentType: 'video/webm',
      sizeBytes: 1,
      sha256: '0'.repeat(64),
      durationMs: 1,
    },
  ],
};
