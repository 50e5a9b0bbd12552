/**
 * The product as a new user has it: a copy of the sources without anything built or installed, and `npm start`.
 * One copy serves all tests of a run; each start of it has its own data folder.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const repository = new URL('..', import.meta.url).pathname;

export interface Product {
  origin: string;
  adminApiKey: string;
  signInLink: string;
  dataDir: string;
  checkout: string;
  /** Everything `npm start` printed. */
  output(): string;
  /** SIGTERM; resolves with the exit code and how long it took. */
  stop(): Promise<{ code: number | null; tookMs: number }>;
}

/** A clean checkout: what git tracks or would track, nothing ignored. */
export function cleanCheckout(): string {
  const checkout = mkdtempSync(join(tmpdir(), 'participant-recorder-e2e-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter(Boolean)) {
    mkdirSync(join(checkout, dirname(file)), { recursive: true });
    cpSync(join(repository, file), join(checkout, file));
  }
  return checkout;
}

export async function startProduct(checkout: string, environment: Record<string, string> = {}): Promise<Product> {
  const dataDir = environment.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'participant-recorder-data-'));
  const adminApiKey = randomBytes(24).toString('base64url');
  const port = Number(environment.PORT ?? (await freePort()));
  const child = spawn('npm', ['start'], {
    cwd: checkout,
    detached: true,
    env: {
      ...withoutProductSettings(process.env),
      PORT: String(port),
      DATA_DIR: dataDir,
      ADMIN_API_KEY: adminApiKey,
      // Receivers of webhooks are part of the tests.
      WEBHOOK_ALLOW_PRIVATE: '127.0.0.1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  const signInLink = await new Promise<string>((resolve, reject) => {
    const read = (line: string) => {
      output += `${line}\n`;
      const link = /https?:\/\/\S+\/sign-in\?token=\S+/.exec(line);
      if (link) resolve(link[0]);
    };
    createInterface({ input: child.stdout }).on('line', read);
    createInterface({ input: child.stderr }).on('line', read);
    void exited.then((code) => reject(new Error(`npm start ended with ${code} before it was up:\n${output}`)));
  });

  return {
    origin: `http://localhost:${port}`,
    adminApiKey,
    signInLink,
    dataDir,
    checkout,
    output: () => output,
    async stop() {
      const from = performance.now();
      if (child.exitCode === null) child.kill('SIGTERM');
      const code = await exited;
      return { code, tookMs: performance.now() - from };
    },
  };
}

/** Starts `npm start` where it is expected to refuse, and returns what it said. */
export async function startRefused(checkout: string, environment: Record<string, string>) {
  const child = spawn('npm', ['start'], {
    cwd: checkout,
    detached: true,
    env: { ...withoutProductSettings(process.env), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const bound = setTimeout(() => signalStart(child, 'SIGKILL'), 60_000);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearTimeout(bound);
  return { code, output };
}

/** Runs an npm script of the checkout to its end. */
export async function runScript(
  product: Pick<Product, 'checkout' | 'dataDir'>,
  script: string,
  args: string[],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    cwd: product.checkout,
    env: { ...withoutProductSettings(process.env), DATA_DIR: product.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, stdout, stderr };
}

/** Processes that belong to the product: their command line or working folder names its checkout or data folder. */
export function processesOf(product: Pick<Product, 'checkout' | 'dataDir'>): string[] {
  const list = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(product.checkout) || line.includes(product.dataDir));
}

/** The last resort, for a start that hangs: everything in its process group. */
function signalStart(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}

/** The tests' own settings must not leak into the product under test. */
function withoutProductSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names =
    /^(PORT|HOST|DATA_DIR|ADMIN_API_KEY|DATABASE_URL|STORAGE_URL|LIVEKIT_.*|APP_SECRET|WORKER_TOKEN|WEBHOOK_ALLOW_PRIVATE|NODE_ENV|npm_.*)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.test(name))) as NodeJS.ProcessEnv;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

export function temporaryFile(name: string, bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'participant-recorder-file-')), name);
  writeFileSync(path, bytes);
  return path;
}
