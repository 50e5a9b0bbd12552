/**
 * `recorder serve`: a pool worker, until a signal.
 *
 * It may take the place of one that was killed in the middle of recordings: so it tells what it finds of these and asks for tasks
 * first, and loads what they need (media transport, store) while it waits for the answers.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { ObjectStore } from '../../storage/object-store.ts';
import { openStore } from '../../storage/open-store.ts';
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts';
import { productVersion } from '../contract/product-version.ts';
import { type Environment, readEnvironment, serveEnvironmentSchema } from '../environment.ts';
import { ProcessSpool } from '../journal/process-spool.ts';
import { SpoolSpace } from '../journal/spool-space.ts';
import { createRecorderLog } from '../recorder-log.ts';
import { keepRecovering } from '../recover-spool.ts';
import { findFfmpeg } from '../render/find-ffmpeg.ts';
import { previewMaker } from '../render/preview-maker.ts';
import { Admission } from '../report/admission.ts';
import { ControlPlane } from '../report/control-plane.ts';
import { PreviewLoop } from '../report/preview-loop.ts';
import { PoolWorker } from '../report/worker.ts';
import type { RecordingStarter } from '../start-recording.ts';
import { onStopSignal } from './stop-signals.ts';

export async function serve(env: Environment, loadStarter: () => Promise<RecordingStarter>): Promise<ExitCode> {
  const settings = readEnvironment(serveEnvironmentSchema, env);
  const asked = new Promise<void>((resolve) => onStopSignal(resolve));
  const log = createRecorderLog(settings.LOG_LEVEL, 1);
  const opening = openStore(settings.STORAGE_URL, env);
  await wrongAtOnce(opening);
  const spool = await ProcessSpool.open(settings.SPOOL_DIR);
  const space = SpoolSpace.of(spool.folder, { limitBytes: settings.SPOOL_LIMIT_MB * 1_000_000 });
  const startTask = Promise.all([opening, loadStarter()]).then(([store, starterOf]) =>
    starterOf({ store, spoolDir: spool.folder, log }),
  );
  // Heard below.
  startTask.catch(() => {});
  const controlPlane = new ControlPlane({ url: settings.CONTROL_URL, bearer: settings.WORKER_TOKEN, log });
  const version = productVersion(dirname(fileURLToPath(import.meta.url)));
  const worker = new PoolWorker({
    controlPlane,
    startTask,
    admission: new Admission({ capacity: settings.CAPACITY, isSpoolFilling: () => space.warning !== undefined }),
    version,
    previews: previewLoop(env, controlPlane, opening, log),
    log,
  });
  const recovering = keepRecovering({
    spool,
    store: opening,
    howItDied: settings.RESTARTED_AFTER,
    log,
    onRecovered: (attempt) => worker.salvage(attempt),
  });
  worker.start(recovering.first);
  const store = await opening;
  await startTask;
  const { workerId } = worker;
  log.info({ workerId, version, capacity: settings.CAPACITY, storage: store.description }, 'worker.started');
  // Said, not heeded: recordings are spooled until the store is there.
  store.check().catch((error: Error) => log.error({ reason: error.message }, 'storage.unusable'));

  await asked;
  recovering.stop();
  log.info({ recordings: worker.load, graceMs: settings.SHUTDOWN_GRACE_MS }, 'worker.draining');
  const isDone = await worker.drain(AbortSignal.timeout(settings.SHUTDOWN_GRACE_MS));
  await spool.close();
  store.close();
  if (isDone) log.info('worker.stopped');
  else log.error({ recordings: worker.load }, 'worker.stopped-unfinished');
  return isDone ? exitCodes.finished : exitCodes.system;
}

/** Undefined where there is no ffmpeg: recordings then have no pictures, and lack nothing else. */
function previewLoop(
  env: Environment,
  controlPlane: ControlPlane,
  store: Promise<ObjectStore>,
  log: Logger,
): PreviewLoop | undefined {
  const programs = findFfmpeg(env);
  if (programs) return new PreviewLoop({ controlPlane, make: previewMaker({ ...programs, store, log }), log });
  log.warn('previews.off: this worker has no ffmpeg for posters and storyboards. Install it, or set FFMPEG_PATH.');
  return undefined;
}

/** An address that makes no sense is said before anything is asked for. */
async function wrongAtOnce(opening: Promise<ObjectStore>): Promise<void> {
  await Promise.race([opening, new Promise((resolve) => setImmediate(resolve))]);
}
