/** `recorder serve`: a pool worker, until a signal. */

import { openStore } from '../../storage/open-store.ts';
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts';
import { type Environment, readEnvironment, serveEnvironmentSchema } from '../environment.ts';
import { createRecorderLog } from '../recorder-log.ts';
import { ControlPlane } from '../report/control-plane.ts';
import { PoolWorker } from '../report/worker.ts';
import type { RecordingStarter } from '../start-recording.ts';
import { openSpool } from './open-spool.ts';
import { onStopSignal } from './stop-signals.ts';

export async function serve(env: Environment, starterOf: RecordingStarter): Promise<ExitCode> {
  const settings = readEnvironment(serveEnvironmentSchema, env);
  const log = createRecorderLog(settings.LOG_LEVEL, 1);
  const store = await openStore(settings.STORAGE_URL, env);
  await openSpool(settings.SPOOL_DIR, log);
  const worker = new PoolWorker({
    controlPlane: new ControlPlane({ url: settings.CONTROL_URL, bearer: settings.WORKER_TOKEN, log }),
    startRecording: starterOf({ store, spoolDir: settings.SPOOL_DIR, log }),
    capacity: settings.CAPACITY,
    log,
  });
  const asked = new Promise<void>((resolve) => onStopSignal(resolve));
  worker.start();
  const { workerId } = worker;
  log.info({ workerId, capacity: settings.CAPACITY, storage: store.description }, 'worker.started');
  // Said, not heeded: recordings are spooled until the store is there.
  store.check().catch((error: Error) => log.error({ reason: error.message }, 'storage.unusable'));

  await asked;
  log.info({ recordings: worker.load, graceMs: settings.SHUTDOWN_GRACE_MS }, 'worker.draining');
  const isDone = await worker.drain(AbortSignal.timeout(settings.SHUTDOWN_GRACE_MS));
  store.close();
  if (isDone) log.info('worker.stopped');
  else log.error({ recordings: worker.load }, 'worker.stopped-unfinished');
  return isDone ? exitCodes.finished : exitCodes.system;
}
