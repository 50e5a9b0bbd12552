import { type Child, startChild } from './child-process.ts';
import { projectFolder, recorderProgram } from './prepare.mjs';
import { recorderEnvironment, recorderNodeFlags } from './recorder-process.ts';

export interface WorkerOptions {
  controlUrl: string;
  workerToken: string;
  storageUrl: string;
  spoolFolder: string;
  capacity?: number;
  logLevel: string;
  /** How the one before it ended; the recordings that it left say so. */
  restartedAfter?: string;
  /** Besides ours: credentials of a store, for one. */
  environment?: Readonly<Record<string, string>>;
  stopWithinMs?: number;
  onLine: (line: string) => void;
}

/** It finishes what it records: the store and the dashboard are still there then. */
const USUAL_STOP_WITHIN_MS = 5500;
/** What a worker has no business knowing, though we do. */
const kept = /^(DATABASE_URL|APP_SECRET|ADMIN_API_KEY|LIVEKIT_.*|PORT|HOST)$/;

/** One pool worker. It asks the dashboard for work and says there that it is up. */
export async function startWorker(options: WorkerOptions): Promise<Child> {
  const environment: NodeJS.ProcessEnv = {
    ...recorderEnvironment,
    ...process.env,
    ...options.environment,
    NODE_ENV: 'production',
    CONTROL_URL: options.controlUrl,
    WORKER_TOKEN: options.workerToken,
    STORAGE_URL: options.storageUrl,
    SPOOL_DIR: options.spoolFolder,
    LOG_LEVEL: options.logLevel,
    RESTARTED_AFTER: options.restartedAfter,
    ...(options.capacity !== undefined && { CAPACITY: String(options.capacity) }),
  };
  for (const name of Object.keys(environment)) if (kept.test(name)) environment[name] = undefined;
  return startChild({
    name: 'worker',
    command: process.execPath,
    args: [...recorderNodeFlags, recorderProgram, 'serve'],
    cwd: projectFolder,
    env: environment,
    onLine: options.onLine,
    stopWithinMs: options.stopWithinMs ?? USUAL_STOP_WITHIN_MS,
  });
}
