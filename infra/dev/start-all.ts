/**
 * The whole product on one machine, in the order in which the parts need each other:
 *
 *   data folder → Postgres, migrations ┐
 *                 storage check        ├→ dashboard → worker
 *                 LiveKit              │
 *                 dashboard's build    ┘
 *
 * A part that ends by itself is started again. SIGTERM or Ctrl-C stops them the other way round, within ten seconds; a
 * second one stops at once, which loses nothing but time: everything is made to be killed.
 */
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSignInLink } from '../../db/create-sign-in-link.ts';
import { migrate } from '../../db/migrate.ts';
import { openStore } from '../../storage/open-store.ts';
import { buildDashboard } from './build-dashboard.ts';
import type { Child } from './child-process.ts';
import { endOnSignal } from './end-on-signal.ts';
import { readEnvironment, type StartEnvironment, startEnvironmentSchema } from './environment.ts';
import { isPortFree } from './free-port.ts';
import { howItEnded } from './how-it-ended.ts';
import { keepRunning } from './keep-running.ts';
import { keptSecrets, type Secrets, writePrivately } from './kept-secrets.ts';
import { openLogFile } from './log-file.ts';
import { openDataFolder } from './open-data-folder.ts';
import { OrderedShutdown } from './ordered-shutdown.ts';
import { describeFailure, Sentence } from './prepare.mjs';
import type { Progress } from './progress.mjs';
import { startDashboard } from './start-dashboard.ts';
import { type LiveKit, startLiveKit } from './start-livekit.ts';
import { type Postgres, startPostgres } from './start-postgres.ts';
import { startWorker } from './start-worker.ts';

/** LiveKit's own numbers: other programs on this machine find it there. */
const usualLiveKitPorts = { http: 7880, tcp: 7881, udp: 7882 };

interface Stack {
  environment: StartEnvironment;
  secrets: Secrets;
  progress: Progress;
  shutdown: OrderedShutdown;
  /** http://localhost:… or PUBLIC_URL, without a slash at the end. */
  publicUrl: string;
  log: (part: string) => (line: string) => void;
  onNotice: (sentence: string) => void;
}

/** Resolves when everything runs; from then on the process ends by a signal. */
export async function startAll(progress: Progress): Promise<void> {
  const shutdown = new OrderedShutdown();
  endOnSignal(shutdown, progress);
  try {
    await start(shutdown, progress);
  } catch (error) {
    if (shutdown.begun) return;
    // What else was starting is stopped without a word: the reason is the last thing to be read.
    progress.abandon();
    await shutdown.run();
    progress.line(`\n${describeFailure(error)}`);
    process.exit(1);
  }
}

async function start(shutdown: OrderedShutdown, progress: Progress): Promise<void> {
  const environment = readEnvironment(startEnvironmentSchema);
  const { PORT, HOST, DATA_DIR } = environment;
  if (!(await becomesFree(PORT, HOST))) {
    throw new Sentence(
      `Port ${PORT} of ${HOST} is in use by another program: stop that one, or choose another: PORT=${PORT + 1} npm start`,
    );
  }
  const folder = await openDataFolder(DATA_DIR);
  shutdown.add(folder.release);

  const logs = join(DATA_DIR, 'logs');
  const logFiles = new Map<string, (line: string) => void>();
  const stack: Stack = {
    environment,
    secrets: await keptSecrets(DATA_DIR),
    progress,
    shutdown,
    publicUrl: (environment.PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/$/, ''),
    log: (part) => {
      const write = logFiles.get(part) ?? openLogFile(join(logs, `${part}.log`));
      logFiles.set(part, write);
      return write;
    },
    onNotice: (sentence) => {
      if (!shutdown.begun) progress.line(`! ${sentence} Its log is in ${logs}.`);
    },
  };

  const [databaseUrl, storageUrl, livekit] = await Promise.all([
    startDatabase(stack),
    checkStorage(stack),
    startMediaServer(stack),
    build(stack),
  ]);
  await startPagesAndWorker(stack, { databaseUrl, storageUrl, livekit });

  const token = await createSignInLink(databaseUrl);
  const near = relative(process.cwd(), DATA_DIR);
  const name = near === '' || near.startsWith('..') ? DATA_DIR : near;
  progress.line(
    [
      '',
      `  Dashboard   ${progress.bold(stack.publicUrl)}`,
      `  Sign in     ${stack.publicUrl}/sign-in?token=${token}`,
      `              ${progress.dim('(works once, for a day; a new one at every start)')}`,
      '',
      `  Data        ${name}   Logs  ${join(name, 'logs')}   Stop  Ctrl-C`,
      '',
    ].join('\n'),
  );
}

/** A start that was killed a moment ago is still being cleaned up behind us. */
async function becomesFree(port: number, host: string): Promise<boolean> {
  for (let turn = 0; turn < 10; turn++) {
    if (await isPortFree(port, host)) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

async function startDatabase({ environment, progress, shutdown, log, onNotice }: Stack): Promise<string> {
  const step = progress.step('Database', 'starting');
  try {
    let url = environment.DATABASE_URL ?? '';
    let where = '';
    if (url !== '') {
      where = `yours, ${new URL(url).host}`;
    } else {
      const folder = join(environment.DATA_DIR, 'postgres');
      const postgres = await keepRunning({
        name: 'Postgres',
        onNotice,
        start: (previous: Postgres | undefined) =>
          startPostgres({ folder, port: previous?.port, onLine: log('postgres') }),
      });
      shutdown.add(() => postgres.stop());
      ({ url } = postgres.current);
      where = `Postgres on 127.0.0.1:${postgres.current.port}`;
    }
    const ran = await migrate(url).catch((error: Error & { code?: string }) => {
      if (environment.DATABASE_URL === undefined) throw error;
      throw new Sentence(
        `The database of DATABASE_URL (${new URL(url).host}) cannot be used: ${error.message || error.code}`,
      );
    });
    step.done(ran.length > 0 ? `${where}, ${ran.length} migrations run` : where);
    return url;
  } catch (error) {
    step.fail('not started');
    throw error;
  }
}

async function checkStorage({ environment, progress }: Stack): Promise<string> {
  const step = progress.step('Storage', 'checking');
  const url = environment.STORAGE_URL ?? pathToFileURL(join(environment.DATA_DIR, 'media')).href;
  try {
    const store = await openStore(url, process.env);
    try {
      await store.check();
      step.done(store.description);
    } finally {
      store.close();
    }
    return url;
  } catch (error) {
    step.fail('cannot be used');
    // Its messages are sentences that name the fix.
    throw new Sentence(error instanceof Error ? error.message : String(error));
  }
}

async function startMediaServer(stack: Stack): Promise<LiveKit> {
  const { environment, secrets, progress, shutdown, log, onNotice } = stack;
  const step = progress.step('LiveKit', 'starting');
  const { LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = environment;
  try {
    const webhookUrl = `http://127.0.0.1:${environment.PORT}/api/livekit/webhook`;
    const kept = await keepRunning({
      name: 'LiveKit',
      onNotice,
      start: (previous: LiveKit | undefined) =>
        startLiveKit({
          external:
            LIVEKIT_URL && LIVEKIT_API_KEY && LIVEKIT_API_SECRET
              ? { url: LIVEKIT_URL, apiKey: LIVEKIT_API_KEY, apiSecret: LIVEKIT_API_SECRET }
              : undefined,
          keys: secrets.livekit,
          webhookUrls: [webhookUrl],
          ports: previous?.ports ?? usualLiveKitPorts,
          exactPorts: previous !== undefined,
          onLine: log('livekit'),
          onProgress: (message) => step.update(message),
        }),
    });
    shutdown.add(() => kept.stop());
    const { url, apiKey, apiSecret, origin } = kept.current;
    const file = join(environment.DATA_DIR, 'livekit.json');
    await writePrivately(file, { url, apiKey, apiSecret });
    shutdown.add(() => rm(file, { force: true }));
    step.done(`${url}, ${origin}`);
    if (LIVEKIT_URL) progress.line(`  Its webhook address must be ${stack.publicUrl}/api/livekit/webhook`);
    return kept.current;
  } catch (error) {
    step.fail('not started');
    throw error;
  }
}

async function build({ progress }: Stack): Promise<void> {
  const step = progress.step('Dashboard', 'checking its build');
  try {
    step.done((await buildDashboard((message) => step.update(message))) === 'built' ? 'built' : 'built before');
  } catch (error) {
    step.fail('not built');
    throw error;
  }
}

async function startPagesAndWorker(
  stack: Stack,
  { databaseUrl, storageUrl, livekit }: { databaseUrl: string; storageUrl: string; livekit: LiveKit },
): Promise<void> {
  const { environment, secrets, progress, shutdown, publicUrl, log, onNotice } = stack;
  const step = progress.step('Recorder', 'starting');
  try {
    const workerToken = environment.WORKER_TOKEN ?? secrets.workerToken;
    const dashboard = await keepRunning({
      name: 'The dashboard',
      onNotice,
      start: () =>
        startDashboard({
          port: environment.PORT,
          host: environment.HOST,
          onLine: log('dashboard'),
          environment: {
            ...process.env,
            NODE_ENV: 'production',
            NEXT_TELEMETRY_DISABLED: '1',
            PUBLIC_URL: publicUrl,
            DATABASE_URL: databaseUrl,
            STORAGE_URL: storageUrl,
            LIVEKIT_URL: livekit.url,
            LIVEKIT_API_KEY: livekit.apiKey,
            LIVEKIT_API_SECRET: livekit.apiSecret,
            APP_SECRET: environment.APP_SECRET ?? secrets.appSecret,
            WORKER_TOKEN: workerToken,
            EMBEDDED: '1',
            LOG_LEVEL: environment.LOG_LEVEL,
          },
        }),
    });
    shutdown.add(() => dashboard.stop());
    const { url } = dashboard.current;
    const worker = await keepRunning({
      name: 'The worker',
      onNotice,
      start: (previous: Child | undefined, end) =>
        startWorker({
          restartedAfter: previous && end && howItEnded(previous, end),
          controlUrl: url,
          workerToken,
          storageUrl,
          spoolFolder: join(environment.DATA_DIR, 'spool'),
          capacity: environment.CAPACITY,
          logLevel: environment.LOG_LEVEL,
          onLine: log('worker'),
        }),
    });
    shutdown.add(() => worker.stop());
    step.update('waiting for the worker to report');
    const down = await partsDown(url);
    if (down.length === 0) step.done('1 worker, ready to record');
    else step.fail(`not ready yet: ${down.join('; ')}`);
  } catch (error) {
    step.fail('not started');
    throw error;
  }
}

/** Waits until every part is up; after a while says which are not, which may mend itself. */
async function partsDown(url: string): Promise<string[]> {
  const until = performance.now() + 10_000;
  for (;;) {
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    const health = (await answer?.json().catch(() => undefined)) as
      | { status: string; parts: Record<string, { status: string; detail: string }> }
      | undefined;
    if (health?.status === 'up') return [];
    if (performance.now() > until) {
      const down = Object.entries(health?.parts ?? {}).filter(([, part]) => part.status !== 'up');
      return down.length > 0
        ? down.map(([name, part]) => `${name} (${part.detail})`)
        : ['the dashboard does not answer'];
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
