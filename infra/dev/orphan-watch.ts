/**
 * Children must not outlive us, even after kill -9. One small shell, in a process group of its own, holds the read end
 * of a pipe that only this process writes to: every child is announced on it, and when the pipe ends (however this
 * process died) the shell stops the children that are still announced. Works alike on Linux and macOS and asks nothing
 * of the children.
 */
import { type ChildProcess, spawn } from 'node:child_process';

// Reads "+ pid signal" and "- pid". At the end of input: each child's own stop signal, to its process group; up to 10 s
// for it to go; then SIGKILL.
const script = `
trap '' INT TERM HUP
list=
while read -r verb pid signal; do
  if [ "$verb" = + ]; then list="$list $pid:$signal"; else
    rest=
    for entry in $list; do [ "\${entry%%:*}" = "$pid" ] || rest="$rest $entry"; done
    list=$rest
  fi
done
[ -n "$list" ] || exit 0
for entry in $list; do kill -"\${entry#*:}" -"\${entry%%:*}" 2>/dev/null; done
turns=0
while [ $turns -lt 100 ]; do
  alive=
  for entry in $list; do kill -0 -"\${entry%%:*}" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || exit 0
  sleep 0.1
  turns=$((turns + 1))
done
for entry in $list; do kill -KILL -"\${entry%%:*}" 2>/dev/null; done
`;

let watcher: ChildProcess | undefined;
const watched = new Set<number>();

/** From now until `unwatchOrphan`, the process group `pid` is stopped with `signal` when this process is gone. */
export function watchOrphan(pid: number, signal: NodeJS.Signals): void {
  if (!watcher) {
    watcher = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    watcher.unref();
    watcher.stdin?.on('error', () => undefined);
    // A pipe that is open must not keep the process alive.
    (watcher.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  }
  watched.add(pid);
  watcher.stdin?.write(`+ ${pid} ${signal.replace(/^SIG/, '')}\n`);
}

export function unwatchOrphan(pid: number): void {
  if (!watched.delete(pid)) return;
  watcher?.stdin?.write(`- ${pid}\n`);
  if (watched.size === 0) {
    watcher?.stdin?.end();
    watcher = undefined;
  }
}
