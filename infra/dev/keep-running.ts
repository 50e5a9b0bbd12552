/** Starts a part of the stack again when it ends by itself, later and later while it keeps ending. */
import type { ChildEnd } from './child-process.ts';

export interface Part {
  ended: Promise<ChildEnd>;
  stop(): Promise<void>;
}

export interface KeepRunningOptions<Running extends Part> {
  name: string;
  /** Makes it anew; the first failure is the caller's, later ones are tried again. */
  start: (previous: Running | undefined) => Promise<Running>;
  /** One sentence for the person at the terminal. */
  onNotice: (sentence: string) => void;
  firstDelayMs?: number;
}

const longestDelayMs = 30_000;
/** After running this long, the next end is a new story. */
const steadyAfterMs = 60_000;
/** After running this long it is worth saying that it runs again. */
const runningAgainAfterMs = 3000;

export interface Kept<Running extends Part> {
  readonly current: Running;
  stop(): Promise<void>;
}

export async function keepRunning<Running extends Part>(options: KeepRunningOptions<Running>): Promise<Kept<Running>> {
  const { name, firstDelayMs = 500 } = options;
  let current = await options.start(undefined);
  let stopped = false;
  let wake: (() => void) | undefined;

  async function watch(): Promise<void> {
    let delayMs = firstDelayMs;
    /** Of the newest start again. */
    let from: number | undefined;
    for (;;) {
      const saying =
        from === undefined
          ? undefined
          : setTimeout(() => {
              if (!stopped) options.onNotice(`${name} is running again.`);
            }, runningAgainAfterMs).unref();
      const { code, signal } = await current.ended;
      clearTimeout(saying);
      if (stopped) return;
      if (from === undefined || performance.now() - from > steadyAfterMs) delayMs = firstDelayMs;
      let why = `ended (${signal ?? `exit code ${code}`})`;
      for (;;) {
        options.onNotice(`${name} ${why}; starting it again in ${delayMs / 1000} s.`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, delayMs).unref();
        });
        if (stopped) return;
        delayMs = Math.min(longestDelayMs, delayMs * 2);
        try {
          from = performance.now();
          current = await options.start(current);
          if (stopped) return await current.stop();
          break;
        } catch (error) {
          if (stopped) return;
          why = `did not start: ${error instanceof Error ? error.message : String(error)}`;
        }
      }
    }
  }
  const watching = watch();

  return {
    get current() {
      return current;
    },
    async stop() {
      stopped = true;
      wake?.();
      await current.stop();
      // Nothing ends an external part, so there is nothing to wait for either.
      await Promise.race([watching, new Promise((resolve) => setTimeout(resolve, 100).unref())]);
    },
  };
}
