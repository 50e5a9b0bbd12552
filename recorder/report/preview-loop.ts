/**
 * Previews of recordings, one at a time, beside everything else a worker does. In: a task that came with an answer of the control
 * plane. Out: what became of it, told until it is heard or nobody waits for it any more; the answer may hold the next one.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { PreviewReport, PreviewTask } from '../contract/previews.ts';
import type { MakePreview } from '../render/preview-maker.ts';
import { timeLimit } from '../time-limit.ts';
import { BackOff } from '../upload/back-off.ts';
import { type ControlPlane, ControlPlaneError } from './control-plane.ts';

const firstRetryMs = 500;
const mostRetryMs = 15_000;
/** Of a worker's grace: what is not told by then is handed out again when its time is over. */
const lastWordMs = 1_000;

export interface PreviewLoopOptions {
  controlPlane: Pick<ControlPlane, 'exchange'>;
  make: MakePreview;
  log: Logger;
  random?: () => number;
  /** Resolves after the time, rejects when aborted. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export class PreviewLoop {
  readonly #options: PreviewLoopOptions;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: PreviewLoopOptions) {
    this.#options = options;
    this.#sleep = options.sleep ?? ((ms, signal) => delay(ms, undefined, { signal }));
  }

  get isFree(): boolean {
    return this.#running === undefined && !this.#stopping.signal.aborted;
  }

  /** @param hasRoom whether the worker could take the next one as well, asked when this one is done */
  take(task: PreviewTask, hasRoom: () => boolean): void {
    if (this.#running !== undefined) return;
    this.#running = this.#run(task, hasRoom)
      .catch((error: unknown) => this.#options.log.error({ error }, 'previews.broke-off'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** What is being made is broken off and given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(first: PreviewTask, hasRoom: () => boolean): Promise<void> {
    for (let task: PreviewTask | undefined = first; task; ) {
      const { recordingId, turn, limitMs } = task;
      const isOver = timeLimit(limitMs);
      const outcome = await this.#options.make(task, this.#stopping.signal);
      task = await this.#tell({ recordingId, turn, outcome }, hasRoom, isOver);
    }
  }

  async #tell(done: PreviewReport, hasRoom: () => boolean, isOver: AbortSignal): Promise<PreviewTask | undefined> {
    const { controlPlane, log, random } = this.#options;
    const stopping = this.#stopping.signal;
    const backOff = new BackOff(firstRetryMs, mostRetryMs, random);
    while (!isOver.aborted) {
      const isFree = hasRoom() && !stopping.aborted;
      const limit = stopping.aborted ? timeLimit(lastWordMs, isOver) : isOver;
      try {
        return (await controlPlane.exchange({ reports: [], previews: { isFree, done: [done] } }, limit)).preview;
      } catch (error) {
        if (isOver.aborted || stopping.aborted) return undefined;
        if (!(error instanceof ControlPlaneError)) throw error;
        log.warn({ recordingId: done.recordingId, reason: error.message }, 'previews.not-told');
        if (error.isRefused) return undefined;
      }
      await this.#sleep(backOff.nextMs(), AbortSignal.any([isOver, stopping])).catch(() => {});
    }
    return undefined;
  }
}
