/**
 * A machine with one pool worker on it, and what keeps that worker running. Its spool is its disk: a machine that is gone takes it
 * along.
 */
import { rm } from 'node:fs/promises';
import type { Child } from '../dev/child-process.ts';
import { howItEnded } from '../dev/how-it-ended.ts';
import { type Kept, keepRunning } from '../dev/keep-running.ts';
import { startWorker, type WorkerOptions } from '../dev/start-worker.ts';

export class WorkerMachine {
  readonly spoolFolder: string;
  readonly lines: string[] = [];
  /** What its keeper said. */
  readonly notices: string[] = [];
  readonly #options: Omit<WorkerOptions, 'onLine'>;
  #kept: Kept<Child> | undefined;

  constructor(options: Omit<WorkerOptions, 'onLine'>) {
    this.#options = options;
    this.spoolFolder = options.spoolFolder;
  }

  get pid(): number {
    if (!this.#kept) throw new Error('This machine is off.');
    return this.#kept.current.pid;
  }

  get isOn(): boolean {
    return this.#kept !== undefined;
  }

  async start(): Promise<void> {
    this.#kept = await keepRunning({
      name: 'The worker',
      onNotice: (sentence) => this.notices.push(sentence),
      start: (previous: Child | undefined, end) =>
        startWorker({
          ...this.#options,
          restartedAfter: previous && end && howItEnded(previous, end),
          onLine: (line) => {
            this.lines.push(line);
            if (this.lines.length > 5000) this.lines.shift();
          },
        }),
    });
  }

  /** To the process alone: its keeper starts it again. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** SIGTERM, and nobody starts it again. */
  async stop(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.stop();
  }

  /** Power off: the process is gone, nobody starts it again. */
  async powerOff(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    if (!kept) return;
    const stopped = kept.stop();
    process.kill(kept.current.pid, 'SIGKILL');
    await stopped;
  }

  /** Power off, and the disk is lost. */
  async destroy(): Promise<void> {
    await this.powerOff();
    await rm(this.spoolFolder, { recursive: true, force: true });
  }
}
