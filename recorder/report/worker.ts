/**
 * The pool worker: a process that holds many recordings and asks for more.
 *
 * In: tasks, from one request that the control plane keeps open until it has one. Out: recordings, as many as `admission` lets
 * in, each reported until its outcome is acknowledged. `drain` takes no more tasks, leaves as many recordings to other workers as
 * these would take, stops the rest, and waits for their files and their last reports, for at most the grace.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../clock.ts';
import type { TaskSpec } from '../contract/task-spec.ts';
import type { RecoveredAttempt } from '../recovered-attempt.ts';
import { timeLimit } from '../time-limit.ts';
import { BackOff } from '../upload/back-off.ts';
import type { Admission } from './admission.ts';
import { type ControlPlane, ControlPlaneError } from './control-plane.ts';
import { HeldRecording, type StartTask } from './held-recording.ts';
import type { PreviewLoop } from './preview-loop.ts';
import { ReportClient } from './report-client.ts';

const claimWaitMs = 25_000;
/** Without a free slot: how long a slot that becomes free may stay unknown. */
const fullWaitMs = 2_000;
/** Of the grace, which is seconds. */
const answerToDrainMs = 1_000;
const firstRetryMs = 500;
const mostRetryMs = 5_000;
/** An answer that says nothing new and came quicker than this is not asked for again at once. */
const hastyMicros = 200_000;

export interface PoolWorkerOptions {
  controlPlane: ControlPlane;
  /** May still be loading: tasks wait for it. */
  startTask: StartTask | Promise<StartTask>;
  /** How many more to take. */
  admission: Pick<Admission, 'freeSlots'>;
  /** Told to the control plane, which compares it with its own. */
  version?: string;
  /** Absent where there is no ffmpeg. */
  previews?: PreviewLoop;
  log: Logger;
  clock?: Clock;
  random?: () => number;
  /** Resolves after the time, rejects when aborted. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export class PoolWorker {
  readonly workerId = randomUUID();
  readonly #options: PoolWorkerOptions;
  readonly #reports: ReportClient;
  readonly #clock: Clock;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly #backOff: BackOff;
  readonly #running = new Map<HeldRecording, Promise<unknown>>();
  readonly #salvaging = new Set<Promise<unknown>>();
  readonly #draining = new AbortController();
  #claiming: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: PoolWorkerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#sleep = options.sleep ?? ((ms, signal) => delay(ms, undefined, { signal }));
    this.#backOff = new BackOff(firstRetryMs, mostRetryMs, options.random);
    this.#reports = new ReportClient(options);
  }

  /** How many recordings run. */
  get load(): number {
    return this.#running.size;
  }

  /**
   * Asks for tasks. What was recovered is told first, so that its recordings are in the queue before this worker's slots go to
   * others.
   *
   * @param recovered resolves when all of it was given to `salvage`
   */
  start(recovered?: Promise<unknown>): void {
    this.#claiming ??= this.#claim(recovered);
  }

  /** Resolves true when every recording has ended and is acknowledged; false when the signal aborted first. */
  async drain(grace: AbortSignal): Promise<boolean> {
    this.#draining.abort();
    const previewsGivenBack = this.#options.previews?.stop();
    await this.#claiming;
    let freeElsewhere = this.#running.size > 0 ? await this.#freeSlotsElsewhere(grace) : 0;
    for (const held of this.#running.keys()) {
      if (freeElsewhere > 0 && held.handOver()) freeElsewhere -= 1;
      else held.stop('shutdown');
    }
    const ended = Promise.all([...this.#running.values(), ...this.#salvaging]).then(() => this.#reports.settle(grace));
    await Promise.race([Promise.all([ended, previewsGivenBack]), aborted(grace)]);
    await this.#reports.close();
    return this.#running.size === 0 && this.#reports.holds.length === 0;
  }

  /** Reports and stores what a dead process left; it takes no slot. */
  salvage(attempt: RecoveredAttempt): void {
    const { log } = this.#options;
    attempt.onChange = () => this.#reports.changed(attempt.attemptId);
    this.#reports.add(attempt);
    const running = attempt
      .run()
      .catch((error: unknown) => log.error({ error, attemptId: attempt.attemptId }, 'attempt.not-salvaged'))
      .finally(() => this.#salvaging.delete(running));
    this.#salvaging.add(running);
  }

  /** Recordings that other workers would take now. 0 when the control plane does not say so soon: then they end here. */
  async #freeSlotsElsewhere(grace: AbortSignal): Promise<number> {
    const claim = { workerId: this.workerId, freeSlots: 0, holds: [], waitMs: 0, isDraining: true };
    const limit = timeLimit(answerToDrainMs, grace);
    try {
      const reply = await this.#options.controlPlane.exchange({ claim, reports: [] }, limit);
      return reply.freeSlotsElsewhere ?? 0;
    } catch (error) {
      this.#options.log.warn({ reason: (error as Error).message }, 'hand-over.not-possible');
      return 0;
    }
  }

  async #claim(recovered: Promise<unknown> | undefined): Promise<void> {
    const told = recovered?.then(() => this.#reports.told());
    if (told !== undefined) await Promise.race([told, aborted(this.#draining.signal)]);
    while (!this.#draining.signal.aborted) {
      const askedAtMicros = this.#clock.monotonicMicros();
      const isNews = await this.#claimOnce();
      const isHasty = this.#clock.monotonicMicros() - askedAtMicros < hastyMicros;
      if (isNews === undefined) await this.#rest(this.#backOff.nextMs());
      else if (!isNews && isHasty) await this.#rest(firstRetryMs);
    }
  }

  /** True when the answer held a task or another command, undefined when there was none. */
  async #claimOnce(): Promise<boolean | undefined> {
    const freeSlots = this.#freeSlots;
    const holds = this.#reports.holds;
    const waitMs = freeSlots > 0 ? claimWaitMs : fullWaitMs;
    const { previews, version } = this.#options;
    try {
      const reply = await this.#options.controlPlane.exchange(
        {
          claim: { workerId: this.workerId, freeSlots, holds, waitMs, version },
          reports: [],
          previews: previews && { isFree: freeSlots > 0 && previews.isFree, done: [] },
        },
        this.#draining.signal,
      );
      this.#backOff.reset();
      if (this.#isFailing) this.#options.log.info('claim.reached');
      this.#isFailing = false;
      const startTask = await this.#options.startTask;
      for (const task of reply.tasks) this.#take(task, startTask);
      if (reply.preview) previews?.take(reply.preview, () => this.#freeSlots > 0);
      this.#reports.obey(reply);
      const obeyed = new Map(holds.map((hold) => [hold.attemptId, hold.obeys]));
      const isTask = reply.tasks.length > 0 || reply.preview !== undefined;
      return isTask || reply.attempts.some((answer) => obeyed.get(answer.attemptId) !== answer.command);
    } catch (error) {
      if (this.#draining.signal.aborted) return undefined;
      if (!(error instanceof ControlPlaneError)) throw error;
      if (!this.#isFailing) this.#options.log.warn({ reason: error.message }, 'claim.failed');
      this.#isFailing = true;
      return undefined;
    }
  }

  get #freeSlots(): number {
    return this.#options.admission.freeSlots(this.#running.size);
  }

  /** A task that is held already came with an answer that was thought lost. */
  #take(task: TaskSpec, startTask: StartTask): void {
    if (this.#reports.has(task.attemptId)) return;
    const held = new HeldRecording(task, this.#options.log, ({ attemptId }) => this.#reports.changed(attemptId));
    if (this.#draining.signal.aborted) {
      held.refuse('The worker was asked to stop before it could start this recording.');
    } else {
      this.#running.set(
        held,
        held.run(task, startTask).finally(() => this.#running.delete(held)),
      );
    }
    this.#reports.add(held);
  }

  async #rest(ms: number): Promise<void> {
    await this.#sleep(ms, this.#draining.signal).catch(() => {});
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
