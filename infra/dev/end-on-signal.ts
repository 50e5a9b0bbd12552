import { killAllChildren } from './child-process.ts';
import type { OrderedShutdown } from './ordered-shutdown.ts';
import type { Progress } from './progress.mjs';

/** One Ctrl-C can arrive twice, from the terminal and passed on by npm: that is not yet impatience. */
const sameSignalWithinMs = 500;

/** SIGINT, SIGTERM and SIGHUP stop everything in order, a second one at once; so does the end of the npm that runs us. */
export function endOnSignal(shutdown: OrderedShutdown, progress: Progress): void {
  const end = () => {
    progress.abandon();
    const step = progress.step('Stopping', 'what is being recorded is finished first');
    void shutdown.run().then(() => {
      step.done('everything stopped');
      process.exit(0);
    });
  };
  let lastSignalMs = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const again = performance.now() - lastSignalMs > sameSignalWithinMs;
      lastSignalMs = performance.now();
      if (!shutdown.begun) end();
      else if (again) {
        killAllChildren();
        process.exit(1);
      }
    });
  }
  // npm passes signals on, but cannot when it is killed.
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !shutdown.begun) end();
  }, 1000).unref();
}
