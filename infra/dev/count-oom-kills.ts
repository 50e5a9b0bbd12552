import { readFileSync } from 'node:fs';

/**
 * How often the kernel has killed a process of our control group for want of memory, its own or the machine's. Children are in the
 * same group. Undefined where nobody counts: not Linux, or the group is not to be seen.
 */
export function countOomKills(read = readIfThere): number | undefined {
  const groups = read('/proc/self/cgroup')?.split('\n') ?? [];
  for (const group of groups) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(group) ?? [];
    const file =
      controllers === ''
        ? `/sys/fs/cgroup${path}/memory.events`
        : controllers === 'memory'
          ? `/sys/fs/cgroup/memory${path}/memory.oom_control`
          : undefined;
    const count = file && /^oom_kill (\d+)$/m.exec(read(file) ?? '')?.[1];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
