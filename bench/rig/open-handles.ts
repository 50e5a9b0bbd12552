/**
 * What another process holds open, from /proc: connections to some servers apart, because whoever keeps connections to use them again
 * has sometimes one more and sometimes one less.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';

export interface OpenHandles {
  /** To one of the ports. */
  connections: number;
  /** Files, pipes, timers, and all other sockets. */
  others: number;
}

export async function openHandles(pid: number, ports: readonly number[]): Promise<OpenHandles> {
  const [tcp4, tcp6, handles] = await Promise.all([
    readFile(`/proc/${pid}/net/tcp`, 'utf8'),
    readFile(`/proc/${pid}/net/tcp6`, 'utf8').catch(() => ''),
    readdir(`/proc/${pid}/fd`),
  ]);
  const connected = new Set([...connectionsTo(tcp4, ports), ...connectionsTo(tcp6, ports)]);
  // One that was closed meanwhile is none.
  const targets = await Promise.all(handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')));
  const open = targets.filter((target) => target !== '');
  const connections = open.filter((target) => connected.has(target)).length;
  return { connections, others: open.length - connections };
}

/** @param table as in proc_net_tcp(5) @returns sockets as the links of handles name them */
export function connectionsTo(table: string, ports: readonly number[]): string[] {
  const wanted = new Set(ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')));
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote]) => wanted.has(remote?.split(':')[1] ?? ''))
    .map((fields) => `socket:[${fields[9]}]`);
}
