/** `recorder run`: the one task of the environment; the exit code says how it ended. */
import { openStore } from '../../storage/open-store.ts';
import type { ExitCode } from '../contract/exit-codes.ts';
import { type Environment, readEnvironment, runEnvironmentSchema } from '../environment.ts';
import { createRecorderLog } from '../recorder-log.ts';
import { ControlPlane } from '../report/control-plane.ts';
import { HeldRecording } from '../report/held-recording.ts';
import { ReportClient } from '../report/report-client.ts';
import type { RecordingStarter } from '../start-recording.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { openSpool } from './open-spool.ts';
import { onStopSignal } from './stop-signals.ts';

/** For the acknowledgement of the outcome. Without it the lease runs out and the control plane looks into the store itself. */
const acknowledgedWithinMs = 60_000;

export async function run(env: Environment, starterOf: RecordingStarter): Promise<ExitCode> {
  const { TASK_SPEC: task, ...settings } = readEnvironment(runEnvironmentSchema, env);
  const log = createRecorderLog(settings.LOG_LEVEL, 1);
  const store = await openStore(settings.STORAGE_URL, env);
  await openSpool(settings.SPOOL_DIR, log);
  const reports = new ReportClient({
    controlPlane: new ControlPlane({ url: settings.CONTROL_URL, bearer: task.reportToken, log }),
    log,
  });
  const held = new HeldRecording(task, log, ({ attemptId }) => reports.changed(attemptId));
  const ended = held.run(task, starterOf({ store, spoolDir: settings.SPOOL_DIR, log }));
  reports.add(held);
  const grace = new AbortController();
  onStopSignal(() => {
    held.stop('shutdown');
    setTimeout(() => grace.abort(), settings.SHUTDOWN_GRACE_MS);
  });
  const outOfTime = new Promise<undefined>((resolve) =>
    grace.signal.addEventListener('abort', () => resolve(undefined)),
  );
  const outcome = await Promise.race([ended, outOfTime]);
  await reports.settle(AbortSignal.any([grace.signal, AbortSignal.timeout(acknowledgedWithinMs)]));
  await reports.close();
  store.close();
  if (!outcome) log.error('recording.unfinished: the grace after the signal was too short');
  return exitCodeOf(
    outcome ?? { kind: 'failed', reason: 'worker.shutdown', message: '', fault: 'system', retryable: true },
  );
}
