/**
 * The real pieces of the product, each as its own process, so that each can be killed, stopped, cut off and started again. What
 * goes between them goes through paths that can break:
 *
 *     LiveKit ─webhooks→ dashboard ─database→ Postgres
 *     worker ─control→ dashboard          worker, dashboard ─store→ S3 server
 *     worker ─signalling, media→ LiveKit  (only with `breaksNetwork`)
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessToken } from 'livekit-server-sdk';
import { createReportToken } from '../../app/_control/report-token.ts';
import { BadPath } from '../../bench/bad-path/bad-path.ts';
import { type DatabaseClient, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { freePort } from '../dev/free-port.ts';
import { type Dashboard, startDashboard } from '../dev/start-dashboard.ts';
import { type LiveKit, startLiveKit } from '../dev/start-livekit.ts';
import { type Postgres, startPostgres } from '../dev/start-postgres.ts';
import { installChangeLog } from './change-log.ts';
import { Participant } from './participant.ts';
import { Paths } from './paths.ts';
import { ProductClient } from './product-client.ts';
import { SmallDisk } from './small-disk.ts';
import { type StoreParts, startStore } from './start-store.ts';
import { TcpFaultProxy } from './tcp-fault-proxy.ts';
import { WebhookPath } from './webhook-path.ts';
import { WorkerMachine } from './worker-machine.ts';

export interface ProductOptions {
  /** Default 1. */
  machines?: number;
  capacity?: number;
  /** Bytes of the disk under each spool. Default: as much as there is. */
  spoolBytes?: number;
  /** A folder on a disk of this size is the store. Default: an S3 server. */
  storeBytes?: number;
  dashboardEnvironment?: Record<string, string>;
  workerEnvironment?: Record<string, string>;
  /** Recorders reach LiveKit by a path that can be cut, media included. */
  breaksNetwork?: boolean;
}

const logLines = 5000;

export class Product {
  readonly folder: string;
  readonly api: ProductClient;
  readonly machines: WorkerMachine[] = [];
  readonly logs = { dashboard: [] as string[], postgres: [] as string[], livekit: [] as string[] };
  readonly #secrets = {
    APP_SECRET: randomBytes(32).toString('hex'),
    WORKER_TOKEN: randomBytes(24).toString('hex'),
    ADMIN_API_KEY: randomBytes(24).toString('hex'),
  };
  readonly #dashboardPort: number;
  readonly #disks = new Map<string, SmallDisk>();
  #parts: Parts | undefined;

  private constructor(folder: string, dashboardPort: number) {
    this.folder = folder;
    this.#dashboardPort = dashboardPort;
    this.api = new ProductClient({
      origin: `http://127.0.0.1:${dashboardPort}`,
      adminApiKey: this.#secrets.ADMIN_API_KEY,
    });
  }

  static async start(options: ProductOptions = {}): Promise<Product> {
    const folder = await mkdtemp(join(tmpdir(), 'faults-'));
    // Short: a spool holds a socket, whose path has little room. Postgres may run as another user, who must be able to enter.
    await chmod(folder, 0o711);
    await mkdir(join(folder, 'tmp'));
    const product = new Product(folder, await freePort());
    try {
      await product.#start(options);
      return product;
    } catch (error) {
      await product.stop();
      throw new Error(`The product did not start: ${error}\n${product.logText(20)}`, { cause: error });
    }
  }

  /** The newest lines of every part. */
  logText(lines = logLines): string {
    const parts: [string, string[]][] = [
      ...Object.entries(this.logs),
      ...this.machines.map((machine, index): [string, string[]] => [
        `worker ${index + 1}`,
        [...machine.lines, ...machine.notices],
      ]),
    ];
    return parts.map(([name, text]) => `--- ${name}\n${text.slice(-lines).join('\n')}`).join('\n');
  }

  get parts(): Parts {
    if (!this.#parts) throw new Error('The product does not run.');
    return this.#parts;
  }

  get machine(): WorkerMachine {
    const [machine] = this.machines;
    if (!machine) throw new Error('There is no machine.');
    return machine;
  }

  /** Somebody who has not joined yet. */
  participant(room: string, identity = 'alice', publishes: 'both' | 'sound' = 'both'): Participant {
    const { livekit } = this.parts;
    return new Participant({
      publishes,
      url: livekit.url,
      token: () => {
        const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity, ttl: 3600 });
        token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: false });
        return token.toJwt();
      },
    });
  }

  async startDashboard(): Promise<void> {
    const { parts } = this;
    parts.dashboard = await this.#startDashboard(parts);
  }

  async killDashboard(): Promise<void> {
    await kill(this.parts.dashboard);
  }

  /** Of the worker, and of an attempt: whoever has them is believed. */
  tokensOf(attempt: { id: string; epoch: number }): { worker: string; report: string } {
    const { APP_SECRET, WORKER_TOKEN } = this.#secrets;
    return { worker: WORKER_TOKEN, report: createReportToken(APP_SECRET, attempt.id, attempt.epoch) };
  }

  /** With its data, on the same port. */
  async startPostgres(): Promise<void> {
    const { parts } = this;
    parts.postgres = await this.#startPostgres(parts.postgres.port);
  }

  async killPostgres(): Promise<void> {
    await kill(this.parts.postgres);
  }

  async startLiveKit(): Promise<void> {
    const { parts } = this;
    const { livekit, webhooks } = parts;
    parts.livekit = await startLiveKit({
      keys: livekit,
      ports: livekit.ports,
      exactPorts: true,
      webhookUrls: [webhooks.url],
      onLine: this.#keep('livekit'),
    });
  }

  /** Of the store, or of a machine. */
  disk(of: 'store' | 'spool-1'): SmallDisk {
    const disk = this.#disks.get(of);
    if (!disk) throw new Error(`The ${of} has no disk of its own.`);
    return disk;
  }

  async addMachine(): Promise<WorkerMachine> {
    const { parts } = this;
    const spoolFolder = await this.#folder(`spool-${this.machines.length + 1}`, parts.options.spoolBytes);
    const machine = new WorkerMachine({
      controlUrl: `http://127.0.0.1:${parts.control.port}`,
      workerToken: this.#secrets.WORKER_TOKEN,
      storageUrl: parts.storageUrl,
      spoolFolder,
      capacity: parts.options.capacity,
      logLevel: 'info',
      environment: {
        ...parts.objectServer?.environment,
        ...parts.options.workerEnvironment,
        TMPDIR: join(this.folder, 'tmp'),
      },
    });
    this.machines.push(machine);
    await machine.start();
    return machine;
  }

  async stop(): Promise<void> {
    const parts = this.#parts;
    await Promise.all(this.machines.map((machine) => machine.stop()));
    await parts?.dashboard.stop();
    await parts?.database.close();
    parts?.store.close();
    await Promise.all([
      parts?.livekit.stop(),
      parts?.postgres.stop(),
      parts?.objectServer?.stop(),
      parts?.paths.stop(),
    ]);
  }

  async removeFolder(): Promise<void> {
    for (const disk of this.#disks.values()) await disk.unmount();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #start(options: ProductOptions): Promise<void> {
    const paths = new Paths();
    const webhooks = paths.add(await WebhookPath.start(() => `http://127.0.0.1:${this.#dashboardPort}`));
    const [postgres, livekit, store] = await Promise.all([
      this.#startPostgres(),
      startLiveKit({ webhookUrls: [webhooks.url], onLine: this.#keep('livekit') }),
      startStore({
        folder: options.storeBytes ? await this.#folder('store', options.storeBytes) : undefined,
        serverFolder: join(this.folder, 'objects'),
        paths,
      }),
    ]);
    await migrate(postgres.url);
    const database = openDatabase(postgres.url, { maxConnections: 3 });
    await installChangeLog(database);
    const media = options.breaksNetwork
      ? paths.add(await BadPath.start({ livekitUrl: livekit.url, impairment: {} }))
      : undefined;
    const signalling = media && paths.add(await TcpFaultProxy.start(Number(new URL(media.url).port)));
    const known = {
      ...store,
      paths,
      webhooks,
      postgres,
      livekit,
      database,
      media,
      signalling,
      options,
      databasePath: paths.add(await TcpFaultProxy.start(postgres.port)),
      control: paths.add(await TcpFaultProxy.start(this.#dashboardPort)),
    };
    this.#parts = { ...known, dashboard: await this.#startDashboard(known) };
    for (let index = 0; index < (options.machines ?? 1); index++) {
      await this.addMachine();
    }
    await this.api.untilHealthy();
  }

  async #folder(name: string, bytes: number | undefined): Promise<string> {
    const folder = join(this.folder, name);
    if (bytes !== undefined) this.#disks.set(name, await SmallDisk.mount(folder, bytes));
    return folder;
  }

  #startPostgres(port?: number): Promise<Postgres> {
    return startPostgres({ folder: join(this.folder, 'postgres'), port, onLine: this.#keep('postgres') });
  }

  #startDashboard(parts: Omit<Parts, 'dashboard'>): Promise<Dashboard> {
    const databaseUrl = new URL(parts.postgres.url);
    databaseUrl.port = String(parts.databasePath.port);
    return startDashboard({
      port: this.#dashboardPort,
      host: '127.0.0.1',
      onLine: this.#keep('dashboard'),
      environment: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: join(this.folder, 'tmp'),
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        PUBLIC_URL: `http://127.0.0.1:${this.#dashboardPort}`,
        DATABASE_URL: databaseUrl.href,
        STORAGE_URL: parts.storageUrl,
        ...parts.objectServer?.environment,
        LIVEKIT_URL: parts.livekit.url,
        LIVEKIT_PUBLIC_URL: parts.signalling ? `ws://127.0.0.1:${parts.signalling.port}` : parts.livekit.url,
        LIVEKIT_API_KEY: parts.livekit.apiKey,
        LIVEKIT_API_SECRET: parts.livekit.apiSecret,
        ...this.#secrets,
        ...parts.options.dashboardEnvironment,
      },
    });
  }

  #keep(part: keyof Product['logs']): (line: string) => void {
    const lines = this.logs[part];
    return (line) => {
      lines.push(line);
      if (lines.length > logLines) lines.shift();
    };
  }
}

export interface Parts extends StoreParts {
  postgres: Postgres;
  livekit: LiveKit;
  dashboard: Dashboard;
  database: DatabaseClient;
  options: ProductOptions;
  webhooks: WebhookPath;
  databasePath: TcpFaultProxy;
  /** From workers to the dashboard. */
  control: TcpFaultProxy;
  /** With `breaksNetwork`: from workers to LiveKit. */
  media?: BadPath;
  signalling?: TcpFaultProxy;
  paths: Paths;
}

async function kill({ pid, ended }: Pick<Postgres, 'pid' | 'ended'>): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await ended;
}
