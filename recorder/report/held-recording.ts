/**
 * A recording as its process holds it: between the task that came in and the outcome that is acknowledged.
 *
 * The recording itself ends in an outcome for every failure it knows. One that breaks off otherwise is a defect of ours: the
 * attempt then ends as failed and may be retried, and the other recordings of the process go on.
 */
import type { Logger } from 'pino';
import { type Command, noLiveStats, type Outcome, type StopReason } from '../contract/report.ts';
import type { TaskSpec } from '../contract/task-spec.ts';
import type { AttemptSnapshot, ReportedAttempt } from './reported-attempt.ts';

/** What recorder/pipeline.ts makes. */
export interface RunningRecording {
  run(): Promise<Outcome>;
  obey(command: Command): void;
  stop(reason: StopReason): void;
  /** Leaves the recording to another recorder. False when it cannot, or ends by itself already. */
  handOver(): boolean;
  leased(untilMicros: number): void;
  /** The first so many of the snapshot's segments need not be told again. */
  acknowledged(segmentCount: number): void;
  snapshot(): AttemptSnapshot;
  /** After `run`: nothing of it is needed any more. */
  release(): Promise<void>;
}

/** `onChange` is called whenever `snapshot()` may say something new. */
export type StartTask = (task: TaskSpec, onChange: () => void) => RunningRecording;

const nothingYet: AttemptSnapshot = {
  state: 'starting',
  stats: noLiveStats,
  tracks: [],
  gaps: [],
  segments: [],
};

export class HeldRecording implements ReportedAttempt {
  readonly attemptId: string;
  readonly epoch: number;
  readonly reportToken: string;
  readonly #log: Logger;
  readonly #onChange: () => void;
  #recording: RunningRecording | undefined;
  #lastSnapshot = nothingYet;
  #outcome: Outcome | undefined;
  #running: Promise<unknown> | undefined;

  constructor(task: TaskSpec, log: Logger, onChange: (held: HeldRecording) => void) {
    this.attemptId = task.attemptId;
    this.epoch = task.epoch;
    this.reportToken = task.reportToken;
    this.#log = log.child({ recordingId: task.recordingId, attemptId: task.attemptId });
    this.#onChange = () => onChange(this);
  }

  /** Resolves when the recording has ended, however it did; `outcome` is then set. */
  run(task: TaskSpec, start: StartTask): Promise<Outcome> {
    const running = this.#run(task, start);
    this.#running = running;
    return running;
  }

  /** A task that came too late to be started. */
  refuse(message: string): void {
    this.#outcome = { kind: 'failed', reason: 'worker.shutdown', message, fault: 'system', retryable: true };
  }

  snapshot(): AttemptSnapshot {
    try {
      this.#lastSnapshot = this.#recording?.snapshot() ?? nothingYet;
    } catch (error) {
      this.#log.error({ error }, 'recording.snapshot-failed');
    }
    const snapshot = this.#lastSnapshot;
    if (!this.#outcome) return snapshot;
    // Nothing goes on after it, whatever broke off in the middle.
    const stats = { ...snapshot.stats, segmentsPending: 0 };
    return { ...snapshot, stats, state: 'ended', outcome: this.#outcome };
  }

  obey(command: Command): void {
    try {
      this.#log.info({ command }, 'command.received');
      this.#recording?.obey(command);
    } catch (error) {
      this.#log.error({ error, command }, 'command.failed');
    }
  }

  stop(reason: StopReason): void {
    this.#recording?.stop(reason);
  }

  handOver(): boolean {
    return this.#recording?.handOver() ?? false;
  }

  leased(untilMicros: number): void {
    this.#recording?.leased(untilMicros);
  }

  acknowledged(segmentCount: number): void {
    this.#recording?.acknowledged(segmentCount);
  }

  async release(): Promise<void> {
    await this.#running;
    await this.#recording?.release();
  }

  async #run(task: TaskSpec, start: StartTask): Promise<Outcome> {
    try {
      this.#log.info('recording.started');
      this.#recording = start(task, this.#onChange);
      this.#outcome = await this.#recording.run();
      const { kind } = this.#outcome;
      this.#log.info(kind === 'finished' ? { kind } : { kind, reason: this.#outcome.message }, 'recording.ended');
    } catch (error) {
      this.#log.error({ error }, 'recording.broke-off');
      this.#outcome = {
        kind: 'failed',
        reason: 'recorder.defect',
        message: `The recorder broke off: ${(error as Error).message}`,
        fault: 'system',
        retryable: true,
      };
    }
    this.#onChange();
    return this.#outcome;
  }
}
