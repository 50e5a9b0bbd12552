/**
 * How many more recordings a worker should take: what its capacity leaves, and none while the process is at its limit. Those that it
 * does not take wait in the control plane's queue, where they can be seen, or go to another worker.
 *
 * The first recording is always taken: a worker that is busy with nothing else knows nothing of its limits, and the next
 * machine is no better for one that is too weak for one.
 */
import { totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';

/** Above this part of its time the one thread has no room for another recording's bursts. */
const busiestShare = 0.9;
/** Of the memory that the process may have; what is above it is for buffers while a store is away. */
const fullestShare = 0.8;
/** What a shorter look says is chance. */
const leastLookMs = 1000;

export interface AdmissionOptions {
  capacity: number;
  /** The spool is filling up: more recordings would only fill it faster. */
  isSpoolFilling(): boolean;
  /** Part of the time since the last call in which the thread worked, and how long ago that was. */
  busy?: () => { share: number; overMs: number };
  memory?: () => { usedBytes: number; limitBytes: number };
}

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #busy: () => { share: number; overMs: number };
  readonly #memory: () => { usedBytes: number; limitBytes: number };
  #isBusy = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#busy = options.busy ?? threadBusy();
    this.#memory = options.memory ?? processMemory;
  }

  /** @param running recordings held now */
  freeSlots(running: number): number {
    const free = Math.max(0, this.#options.capacity - running);
    return running > 0 && this.limit !== undefined ? 0 : free;
  }

  /** What the process is at the limit of. */
  get limit(): 'processor' | 'memory' | 'spool' | undefined {
    const { share, overMs } = this.#busy();
    if (overMs >= leastLookMs) this.#isBusy = share > busiestShare;
    if (this.#isBusy) return 'processor';
    const { usedBytes, limitBytes } = this.#memory();
    if (usedBytes > limitBytes * fullestShare) return 'memory';
    return this.#options.isSpoolFilling() ? 'spool' : undefined;
  }
}

function threadBusy(): () => { share: number; overMs: number } {
  let since = performance.eventLoopUtilization();
  return () => {
    const { utilization, active, idle } = performance.eventLoopUtilization(since);
    const overMs = active + idle;
    if (overMs >= leastLookMs) since = performance.eventLoopUtilization();
    return { share: utilization, overMs };
  };
}

function processMemory(): { usedBytes: number; limitBytes: number } {
  const total = totalmem();
  // Of its control group; without one it is 0, or more than there is.
  const constrained = process.constrainedMemory();
  const limitBytes = constrained > 0 && constrained < total ? constrained : total;
  return { usedBytes: process.memoryUsage.rss(), limitBytes };
}
