/** `recorder run`: the one task of the environment; the exit code says how it ended. */
import type { Logger } from 'pino';
import { openStore } from '../../storage/open-store.ts';
import type { ExitCode } from '../contract/exit-codes.ts';
import { type Environment, readEnvironment, runEnvironmentSchema } from '../environment.ts';
import { ProcessSpool } from '../journal/process-spool.ts';
import { SpoolSpace } from '../journal/spool-space.ts';
import { createRecorderLog } from '../recorder-log.ts';
import { recoverSpool } from '../recover-spool.ts';
import type { RecoveredAttempt } from '../recovered-attempt.ts';
import { ControlPlane } from '../report/control-plane.ts';
import { HeldRecording } from '../report/held-recording.ts';
import { ReportClient } from '../report/report-client.ts';
import type { RecordingStarter } from '../start-recording.ts';
import { timeLimit } from '../time-limit.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { onStopSignal } from './stop-signals.ts';

/** For the acknowledgement of the outcome. Without it the lease runs out and the control plane looks into the store itself. */
const acknowledgedWithinMs = 60_000;

export async function run(env: Environment, starterOf: RecordingStarter): Promise<ExitCode> {
  const { TASK_SPEC: task, ...settings } = readEnvironment(runEnvironmentSchema, env);
  const log = createRecorderLog(settings.LOG_LEVEL, 1);
  const store = await openStore(settings.STORAGE_URL, env);
  const spool = await ProcessSpool.open(settings.SPOOL_DIR);
  SpoolSpace.of(spool.folder, { limitBytes: settings.SPOOL_LIMIT_MB * 1_000_000 });
  const reports = new ReportClient({
    controlPlane: new ControlPlane({ url: settings.CONTROL_URL, bearer: task.reportToken, log }),
    log,
  });
  const held = new HeldRecording(task, log, ({ attemptId }) => reports.changed(attemptId));
  const ended = held.run(task, starterOf({ store, spoolDir: spool.folder, log }));
  reports.add(held);
  const salvaged: Promise<void>[] = [];
  const ends = new AbortController();
  const salvage = (attempt: RecoveredAttempt) => {
    salvaged.push(reportAlone(attempt, settings.CONTROL_URL, log, ends.signal));
  };
  const { RESTARTED_AFTER: howItDied } = settings;
  const recovered = recoverSpool({ spool, store, howItDied, log, onRecovered: salvage });
  const grace = new AbortController();
  onStopSignal(() => {
    held.stop('shutdown');
    setTimeout(() => grace.abort(), settings.SHUTDOWN_GRACE_MS);
  });
  const outOfTime = new Promise<undefined>((resolve) =>
    grace.signal.addEventListener('abort', () => resolve(undefined)),
  );
  const outcome = await Promise.race([ended, outOfTime]);
  const limit = timeLimit(acknowledgedWithinMs, grace.signal);
  limit.addEventListener('abort', () => ends.abort());
  await reports.settle(limit);
  await recovered;
  await Promise.all(salvaged);
  await reports.close();
  await spool.close();
  store.close();
  if (!outcome) log.error('recording.unfinished: the grace after the signal was too short');
  return exitCodeOf(
    outcome ?? { kind: 'failed', reason: 'worker.shutdown', message: '', fault: 'system', retryable: true },
  );
}

/** What a process before this one left is reported with its own token. What is not done in time stays in the spool. */
async function reportAlone(
  attempt: RecoveredAttempt,
  controlUrl: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const controlPlane = new ControlPlane({ url: controlUrl, bearer: attempt.reportToken, log });
  const reports = new ReportClient({ controlPlane, log });
  attempt.onChange = () => reports.changed(attempt.attemptId);
  reports.add(attempt);
  void attempt.run().catch((error: unknown) => {
    log.error({ error, attemptId: attempt.attemptId }, 'attempt.not-salvaged');
  });
  await reports.settle(signal);
  await reports.close();
}
