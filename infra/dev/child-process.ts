/**
 * One child of the development stack: its output line by line, a stop that is polite first and certain afterwards, and
 * no survivor when this process dies (see orphan-watch.ts). Each child leads a process group of its own, so that
 * Ctrl-C in a terminal reaches only us and we stop the parts in their order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { countOomKills } from './count-oom-kills.ts';
import { unwatchOrphan, watchOrphan } from './orphan-watch.ts';
import { Sentence } from './prepare.mjs';

export interface ChildOptions {
  /** For messages. */
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment of the child; default: ours. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  onLine?: (line: string) => void;
  /** Default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** Send the stop signal once more after this time, to a program that takes the second one more seriously. */
  stopAgainAfterMs?: number;
  /** The signal when it is this process that died. Default: the stop signal. */
  orphanSignal?: NodeJS.Signals;
  /** How long `stop` waits before SIGKILL. Default 5000. */
  stopWithinMs?: number;
}

export interface ChildEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** While it ran the kernel killed something of our control group for want of memory, and this was killed. */
  isOutOfMemory?: boolean;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves, never rejects, when the process is gone and its output was read. */
  readonly ended: Promise<ChildEnd>;
  /** The newest lines of its output, for a message that says why it ended. Default: 20. */
  tail(lines?: number): string;
  /** The stop signal to its process group, SIGKILL after the bound; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Everything that runs now. */
const running = new Set<Child>();

/** Those that a shutdown in the middle of a start does not know yet. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop()));
}

/** Without waiting: when the time for a polite stop is over. */
export function killAllChildren(): void {
  for (const child of running) signalGroup(child.pid, 'SIGKILL');
}

const tailLines = 20;
/** V8 says what was wrong before it lists its stack. */
const keptLines = 100;
/** A line is cut here, so that output without line ends cannot fill the memory. */
const longestLine = 8192;

/** Resolves when the process exists; rejects with a sentence when it cannot be started. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, stopSignal = 'SIGTERM', stopWithinMs = 5000 } = options;
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = await pidOf(child, options.command);
  watchOrphan(pid, options.orphanSignal ?? stopSignal);

  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (whole) => {
      const line = whole.length > longestLine ? `${whole.slice(0, longestLine)}…` : whole;
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      options.onLine?.(line);
    });
  }

  const oomKillsBefore = countOomKills() ?? 0;
  let gone = false;
  const ended = new Promise<ChildEnd>((resolve) => {
    let end: ChildEnd | undefined;
    const finish = () => {
      if (gone || !end) return;
      gone = true;
      // A grandchild that stayed behind belongs to the same group and goes with it.
      signalGroup(pid, 'SIGKILL');
      unwatchOrphan(pid);
      resolve(end);
    };
    child.once('exit', (code, signal) => {
      end = { code, signal, isOutOfMemory: signal === 'SIGKILL' && (countOomKills() ?? 0) > oomKillsBefore };
      // Output may be held open by a grandchild: wait for its last lines, but not for ever.
      setTimeout(finish, 500).unref();
      child.once('close', finish);
    });
  });

  let stopping: Promise<void> | undefined;
  const handle: Child = {
    name,
    pid,
    ended,
    tail: (count = tailLines) => lines.slice(-count).join('\n'),
    stop() {
      stopping ??= (async () => {
        if (gone) return;
        signalGroup(pid, stopSignal);
        const bounds = [setTimeout(() => signalGroup(pid, 'SIGKILL'), stopWithinMs)];
        if (options.stopAgainAfterMs !== undefined) {
          bounds.push(setTimeout(() => signalGroup(pid, stopSignal), options.stopAgainAfterMs));
        }
        await ended;
        for (const bound of bounds) clearTimeout(bound);
      })();
      return stopping;
    },
  };
  running.add(handle);
  void ended.then(() => running.delete(handle));
  return handle;
}

function pidOf(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'ENOENT'
          ? 'there is no such program'
          : error.code === 'EACCES'
            ? 'not executable'
            : error.message;
      reject(new Sentence(`${command} cannot be started: ${why}.`));
    });
    child.once('spawn', () => (child.pid === undefined ? reject(new Error('no pid')) : resolve(child.pid)));
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
