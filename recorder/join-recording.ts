/**
 * A finalise task: the finished files of a recording that several attempts recorded, or one that did not live to finish it.
 *
 * In:  a task, and in the store the manifest that it names and the segments that the manifest names. Out: finished files below the
 *      task's own prefix, and an outcome. Idempotent, and harmless when another one does the same: each has its own prefix.
 *
 * It is an attempt like any other, so it has a journal: when its process dies, the next one says so at once. A store that
 * does not answer is tried again for as long as it takes; a segment that is not there or damaged is a failure. One task of a
 * process runs at a time, the others wait: recording comes first.
 */

import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type ObjectStore, StorageError } from '../storage/object-store.ts';
import type { Slots } from '../storage/slots.ts';
import type { Clock } from './clock.ts';
import { type JoinManifest, joinManifestSchema } from './contract/join-manifest.ts';
import type { FinishedMedia } from './contract/media.ts';
import { type Command, noLiveStats, type Outcome } from './contract/report.ts';
import type { FinaliseTask } from './contract/task-spec.ts';
import { finishFiles } from './finalise/finalise.ts';
import { joinAttempts } from './finalise/join-attempts.ts';
import { RecordingJournal } from './journal/recording-journal.ts';
import { Lease } from './lease.ts';
import { readSpooledSegment } from './read-spooled-segment.ts';
import { abandonedError, discardedError, failedOutcome } from './recording-outcome.ts';
import type { RunningRecording } from './report/held-recording.ts';
import type { AttemptSnapshot } from './report/reported-attempt.ts';
import { mayPass, storeTaskError } from './store-failure.ts';
import { TaskError } from './task-error.ts';
import { BackOff } from './upload/back-off.ts';

const FIRST_RETRY_MS = 500;
const MOST_RETRY_MS = 15_000;

export interface JoinRecordingOptions {
  task: FinaliseTask;
  store: ObjectStore;
  spoolDir: string;
  /** Of the process. */
  slots: Slots;
  clock: Clock;
  log: Pick<Logger, 'warn'>;
  onChange(): void;
}

export class JoinRecording implements RunningRecording {
  readonly #options: JoinRecordingOptions;
  readonly #lease: Lease;
  readonly #cancelled = new AbortController();
  #journal: RecordingJournal | undefined;
  #outcome: Outcome | undefined;
  #media: FinishedMedia[] = [];
  #trouble: { message: string; sinceUnixMs: number } | undefined;

  constructor(options: JoinRecordingOptions) {
    this.#options = options;
    this.#lease = new Lease(options.clock);
  }

  async run(): Promise<Outcome> {
    const { task, spoolDir, slots, log } = this.#options;
    try {
      const journal = await RecordingJournal.open({ spoolDir, owner: task });
      this.#journal = journal;
      this.#media = await slots.use(() => this.#joinUntilStored());
      this.#outcome = { kind: 'finished', stopReason: 'requested', media: this.#media };
      await journal.conclude(this.#outcome).catch((error: unknown) => log.warn({ error }, 'journal.not-concluded'));
    } catch (error) {
      if (!(error instanceof TaskError)) log.warn({ error }, 'join.broke-off');
      this.#outcome = failedOutcome(error);
    }
    this.#options.onChange();
    return this.#outcome;
  }

  obey(command: Command): void {
    if (command === 'abandon') this.#cancelled.abort(abandonedError());
    if (command === 'discard') this.#cancelled.abort(discardedError());
  }

  /** A stop is for what records; this goes on until it is done or the process ends. */
  stop(): void {}

  handOver(): boolean {
    return false;
  }

  leased(untilMicros: number): void {
    this.#lease.renew(untilMicros);
  }

  /** There are none. */
  acknowledged(): void {}

  async release(): Promise<void> {
    await this.#journal?.remove();
  }

  snapshot(): AttemptSnapshot {
    const durations = this.#media.map(({ startMs = 0, durationMs }) => startMs + durationMs);
    return {
      state: this.#outcome ? 'ended' : 'finalising',
      stats: {
        ...noLiveStats,
        durationMs: Math.max(0, ...durations),
        sizeBytes: this.#media.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        uploadTrouble: this.#trouble,
      },
      tracks: [],
      gaps: [],
      segments: [],
      outcome: this.#outcome,
    };
  }

  async #joinUntilStored(): Promise<FinishedMedia[]> {
    const { clock, onChange } = this.#options;
    const { signal } = this.#cancelled;
    const backOff = new BackOff(FIRST_RETRY_MS, MOST_RETRY_MS);
    for (;;) {
      try {
        return await this.#join();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StorageError)) throw error;
        if (!mayPass(error)) throw storeTaskError(error, false);
        this.#trouble = { message: error.message, sinceUnixMs: this.#trouble?.sinceUnixMs ?? clock.unixMs() };
        onChange();
        await delay(backOff.nextMs(), undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  }

  async #join(): Promise<FinishedMedia[]> {
    const { store, task } = this.#options;
    const { signal } = this.#cancelled;
    const manifest = await this.#readManifest();
    const { segments, readSegment } = await joinAttempts(manifest, readSpooledSegment(undefined, store));
    if (segments.length === 0) {
      throw new TaskError('finalise.empty', 'There are no segments to make a file of.', 'system', false);
    }
    await this.#lease.held(signal);
    const { objectPrefix } = task;
    return finishFiles({
      segments,
      readSegment,
      store,
      objectPrefix,
      signal,
    });
  }

  async #readManifest(): Promise<JoinManifest> {
    const { store, task } = this.#options;
    const bytes = await buffer(await store.read(task.manifestKey));
    try {
      return joinManifestSchema.parse(JSON.parse(bytes.toString('utf8')));
    } catch (error) {
      throw new TaskError('finalise.no-manifest', `${task.manifestKey} is no list of segments.`, 'system', false, {
        cause: error,
      });
    }
  }
}
