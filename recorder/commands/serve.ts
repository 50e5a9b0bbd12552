/** `recorder serve`: a pool worker, until a signal. */

import { openStore } from '../../storage/open-store.ts';
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts';
import { type Environment, readEnvironment, serveEnvironmentSchema } from '../environment.ts';
import { ProcessSpool } from '../journal/process-spool.ts';
import { SpoolSpace } from '../journal/spool-space.ts';
import { createRecorderLog } from '../recorder-log.ts';
import { keepRecovering } from '../recover-spool.ts';
import { ControlPlane } from '../report/control-plane.ts';
import { PoolWorker } from '../report/worker.ts';
import type { RecordingStarter } from '../start-recording.ts';
import { onStopSignal } from './stop-signals.ts';

export async function serve(env: Environment, starterOf: RecordingStarter): Promise<ExitCode> {
  const settings = readEnvironment(serveEnvironmentSchema, env);
  const log = createRecorderLog(settings.LOG_LEVEL, 1);
  const store = await openStore(settings.STORAGE_URL, env);
  const spool = await ProcessSpool.open(settings.SPOOL_DIR);
  SpoolSpace.of(spool.folder, { limitBytes: settings.SPOOL_LIMIT_MB * 1_000_000 });
  const worker = new PoolWorker({
    controlPlane: new ControlPlane({ url: settings.CONTROL_URL, bearer: settings.WORKER_TOKEN, log }),
    startTask: starterOf({ store, spoolDir: spool.folder, log }),
    capacity: settings.CAPACITY,
    log,
  });
  const asked = new Promise<void>((resolve) => onStopSignal(resolve));
  worker.start();
  const stopRecovering = keepRecovering({
    spool,
    store,
    howItDied: settings.RESTARTED_AFTER,
    log,
    onRecovered: (attempt) => worker.salvage(attempt),
  });
  const { workerId } = worker;
  log.info({ workerId, capacity: settings.CAPACITY, storage: store.description }, 'worker.started');
  // Said, not heeded: recordings are spooled until the store is there.
  store.check().catch((error: Error) => log.error({ reason: error.message }, 'storage.unusable'));

  await asked;
  stopRecovering();
  log.info({ recordings: worker.load, graceMs: settings.SHUTDOWN_GRACE_MS }, 'worker.draining');
  const isDone = await worker.drain(AbortSignal.timeout(settings.SHUTDOWN_GRACE_MS));
  await spool.close();
  store.close();
  if (isDone) log.info('worker.stopped');
  else log.error({ recordings: worker.load }, 'worker.stopped-unfinished');
  return isDone ? exitCodes.finished : exitCodes.system;
}
