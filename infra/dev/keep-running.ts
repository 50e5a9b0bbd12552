/** Starts a part of the stack again when it ends by itself: at once, and later and later while it keeps ending. */
import type { ChildEnd } from './child-process.ts';

export interface Part {
  ended: Promise<ChildEnd>;
  stop(): Promise<void>;
}

export interface KeepRunningOptions<Running extends Part> {
  name: string;
  /** Makes it anew, when it ended how it did; the first failure is the caller's, later ones are tried again. */
  start: (previous: Running | undefined, end: ChildEnd | undefined) => Promise<Running>;
  /** One sentence for the person at the terminal. */
  onNotice: (sentence: string) => void;
  /** Before the second start in a row; the first is made at once. */
  firstDelayMs?: number;
  /** After running this long, the next end is a new story. */
  steadyAfterMs?: number;
}

const longestDelayMs = 30_000;
/** What dies sooner does so of itself, and trying faster would only heat the machine. */
const usualSteadyAfterMs = 3000;
/** After running this long it is worth saying that it runs again. */
const runningAgainAfterMs = 3000;

export interface Kept<Running extends Part> {
  readonly current: Running;
  stop(): Promise<void>;
}

export async function keepRunning<Running extends Part>(options: KeepRunningOptions<Running>): Promise<Kept<Running>> {
  const { name, firstDelayMs = 500, steadyAfterMs = usualSteadyAfterMs } = options;
  let current = await options.start(undefined, undefined);
  let stopped = false;
  let wake: (() => void) | undefined;

  async function rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, ms).unref();
    });
  }

  async function watch(): Promise<void> {
    let delayMs = 0;
    /** Of the newest start again. */
    let from: number | undefined;
    for (;;) {
      const saying =
        from === undefined
          ? undefined
          : setTimeout(() => {
              if (!stopped) options.onNotice(`${name} is running again.`);
            }, runningAgainAfterMs).unref();
      const end = await current.ended;
      const { code, signal } = end;
      clearTimeout(saying);
      if (stopped) return;
      if (from === undefined || performance.now() - from >= steadyAfterMs) delayMs = 0;
      let why = `ended (${signal ?? `exit code ${code}`})`;
      for (;;) {
        options.onNotice(`${name} ${why}; starting it again${delayMs === 0 ? '' : ` in ${delayMs / 1000} s`}.`);
        if (delayMs > 0) await rest(delayMs);
        if (stopped) return;
        delayMs = Math.min(longestDelayMs, Math.max(firstDelayMs, delayMs * 2));
        try {
          from = performance.now();
          current = await options.start(current, end);
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
