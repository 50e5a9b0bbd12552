import { cpus, totalmem } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGigabytes: number;
  platform: string;
  node: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

export function machineText({ cpu, cores, memoryGigabytes, platform, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGigabytes} GB, ${platform}, Node ${node}`;
}
