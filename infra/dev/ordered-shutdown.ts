/** Stops what was started, the newest first, in bounded time: what still runs at the deadline is killed. */
import { killAllChildren, stopAllChildren } from './child-process.ts';

/** A second less than what is promised. */
const deadlineMs = 9000;

export class OrderedShutdown {
  private readonly steps: (() => Promise<unknown>)[] = [];
  private running: Promise<void> | undefined;

  /** True from the moment a stop was asked for. */
  get begun(): boolean {
    return this.running !== undefined;
  }

  /** To be called as soon as there is something to stop. */
  add(stop: () => Promise<unknown>): void {
    this.steps.push(stop);
  }

  run(): Promise<void> {
    this.running ??= this.stopAll();
    return this.running;
  }

  private async stopAll(): Promise<void> {
    const deadline = setTimeout(killAllChildren, deadlineMs);
    for (const stop of this.steps.reverse()) await stop().catch(() => undefined);
    // What was just being started, and what builds.
    await stopAllChildren();
    clearTimeout(deadline);
  }
}
