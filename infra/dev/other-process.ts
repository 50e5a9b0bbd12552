/** What can be known of a process that is not our child. Linux tells by /proc; elsewhere `ps` is asked. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * True while a process of this id runs, also one of another user. One that has ended and was not collected by its parent
 * (in a container whose first process does not care) does not count.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statFields(pid)?.[0] !== 'Z';
}

/** Empty when there is no such process. */
export function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return ask(pid, 'args=');
  } catch {
    return '';
  }
}

/**
 * Tells a process from a later one that was given the same id: the boot and the moment it started. Undefined when there
 * is no such process.
 */
export function birthOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return ask(pid, 'lstart=') || undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const fields = statFields(pid);
    return fields === undefined || fields[0] === 'Z' ? undefined : `${boot} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** The fields of /proc/<pid>/stat from the state on (number 3 in proc(5)): the name before it may hold spaces. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function ask(pid: number, field: string): string {
  return execFileSync('ps', ['-p', String(pid), '-o', field], { encoding: 'utf8' }).trim();
}
