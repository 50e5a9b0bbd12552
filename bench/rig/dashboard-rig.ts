/** The dashboard as the product starts it, built, with a real database, LiveKit server and S3 server. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseClient, openDatabase } from '../../db/client.ts';
import { createSignInLink } from '../../db/create-sign-in-link.ts';
import { migrate } from '../../db/migrate.ts';
import { buildDashboard } from '../../infra/dev/build-dashboard.ts';
import { freePort } from '../../infra/dev/free-port.ts';
import { type Dashboard, startDashboard } from '../../infra/dev/start-dashboard.ts';
import { type LiveKit, startLiveKit } from '../../infra/dev/start-livekit.ts';
import { type ObjectServer, startObjectServer } from '../../infra/dev/start-object-server.ts';
import { startPostgres } from '../../infra/dev/start-postgres.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { openStore } from '../../storage/open-store.ts';

/** Within the bucket. */
export const STORE_PREFIX = 'bench';

export interface DashboardRig {
  origin: string;
  adminApiKey: string;
  livekit: LiveKit;
  objectServer: ObjectServer;
  store: ObjectStore;
  database: DatabaseClient;
  /** One more, with the same database and another way to the same store. */
  startAnother(storageUrl: string): Promise<Dashboard>;
  /** `/sign-in?token=…`: works once. */
  signInPath(): Promise<string>;
  stop(): Promise<void>;
}

export async function startDashboardRig(say: (message: string) => void): Promise<DashboardRig> {
  await buildDashboard(say);
  const folder = await mkdtemp(join(tmpdir(), 'participant-recorder-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  // Postgres may run as another user, who must be able to enter.
  await chmod(folder, 0o711);
  const [postgres, livekit, objectServer] = await Promise.all([
    startPostgres({ folder: join(folder, 'postgres') }),
    startLiveKit({ onProgress: say }),
    startObjectServer({ folder: join(folder, 'objects'), onProgress: say }),
  ]);
  await migrate(postgres.url);
  const database = openDatabase(postgres.url, { maxConnections: 3 });
  const storageUrl = objectServer.storageUrl(STORE_PREFIX);
  const store = await openStore(storageUrl, objectServer.environment);
  const adminApiKey = randomBytes(24).toString('hex');
  const secrets = { APP_SECRET: randomBytes(32).toString('hex'), WORKER_TOKEN: randomBytes(24).toString('hex') };
  const start = async (url: string): Promise<Dashboard> => {
    const port = await freePort();
    return startDashboard({
      port,
      host: '127.0.0.1',
      onLine: (line) => {
        if (/"level":[456]0|error/i.test(line)) process.stderr.write(`  dashboard: ${line}\n`);
      },
      environment: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        LOG_LEVEL: 'warn',
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        DATABASE_URL: postgres.url,
        STORAGE_URL: url,
        ...objectServer.environment,
        LIVEKIT_URL: livekit.url,
        LIVEKIT_API_KEY: livekit.apiKey,
        LIVEKIT_API_SECRET: livekit.apiSecret,
        ADMIN_API_KEY: adminApiKey,
        ...secrets,
      },
    });
  };
  const dashboard = await start(storageUrl);
  return {
    origin: dashboard.url,
    adminApiKey,
    livekit,
    objectServer,
    store,
    database,
    startAnother: start,
    signInPath: async () => `/sign-in?token=${await createSignInLink(postgres.url)}`,
    async stop() {
      await dashboard.stop();
      store.close();
      await database.close();
      await Promise.all([postgres.stop(), livekit.stop(), objectServer.stop()]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
