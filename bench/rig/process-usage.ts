/**
 * CPU time and memory of other processes, as Linux counts them in /proc. Only what the process itself used: nothing of
 * the servers beside it, nothing of us.
 */
import { readdir, readFile } from 'node:fs/promises';

/** The unit of CPU times in /proc: 100 a second on every Linux that Node runs on. */
const TICK_MS = 10;

export interface ProcessUsage {
  cpuMs: number;
  residentBytes: number;
  /** By thread name; threads of one name together. */
  cpuMsByThread: Record<string, number>;
}

export function assertUsageIsReadable(): void {
  if (process.platform !== 'linux') {
    throw new Error('This benchmark reads CPU times of other processes from /proc, so it needs Linux.');
  }
}

export async function usageOf(pid: number): Promise<ProcessUsage> {
  const { cpuMs, residentPages } = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  const cpuMsByThread: Record<string, number> = {};
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const text = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => undefined);
    if (!text) continue;
    const { name, cpuMs: ms } = parseStat(text);
    cpuMsByThread[name] = (cpuMsByThread[name] ?? 0) + ms;
  }
  return { cpuMs, residentBytes: residentPages * 4096, cpuMsByThread };
}

/** The process and all its descendants. */
export async function treeUsageOf(pid: number): Promise<{ cpuMs: number; residentBytes: number }> {
  const children = await childrenOf();
  const total = { cpuMs: 0, residentBytes: 0 };
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const usage = await usageOf(next).catch(() => undefined);
    total.cpuMs += usage?.cpuMs ?? 0;
    total.residentBytes += usage?.residentBytes ?? 0;
    open.push(...(children.get(next) ?? []));
  }
  return total;
}

/** Share of all cores that was not idle since the machine was started, as two counters to be compared. */
export async function machineTicks(): Promise<{ busy: number; all: number }> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, value) => sum + value, 0);
  return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0) };
}

/** CPU time of the processes that this one started, and of itself, by their names. */
export async function ownProcessesMs(): Promise<Record<string, number>> {
  const usage: Record<string, number> = {};
  for (const pid of [process.pid, ...((await childrenOf()).get(process.pid) ?? [])]) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (!text) continue;
    const { name, cpuMs } = parseStat(text);
    const known = pid === process.pid ? 'publisher and bench' : name;
    usage[known] = (usage[known] ?? 0) + cpuMs;
  }
  return usage;
}

async function childrenOf(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const text = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => undefined);
    if (!text) continue;
    const parent = parseStat(text).parentPid;
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  return children;
}

/** proc(5): the name is in parentheses and may hold anything; fields are counted from behind it. */
export function parseStat(text: string) {
  const end = text.lastIndexOf(')');
  const fields = text
    .slice(end + 2)
    .split(' ')
    .map(Number);
  return {
    name: text.slice(text.indexOf('(') + 1, end),
    parentPid: fields[1] ?? 0,
    cpuMs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS,
    residentPages: fields[21] ?? 0,
  };
}
