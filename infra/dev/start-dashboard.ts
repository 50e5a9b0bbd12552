import { join } from 'node:path';
import { type Child, startChild } from './child-process.ts';
import { projectFolder, Sentence } from './prepare.mjs';

export interface DashboardOptions {
  port: number;
  host: string;
  environment: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

export interface Dashboard extends Child {
  /** Where this machine reaches it. */
  url: string;
}

const startWithinMs = 60_000;

/** The built dashboard; resolves when it answers. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { port, host } = options;
  const child = await startChild({
    name: 'dashboard',
    command: process.execPath,
    args: [join(projectFolder, 'node_modules', 'next', 'dist', 'bin', 'next'), 'start', '-p', String(port), '-H', host],
    cwd: projectFolder,
    env: { ...options.environment, PORT: String(port), HOST: host },
    onLine: options.onLine,
    // Pages with live events hold their connections open: it does not wait for them.
    stopWithinMs: 2000,
  });
  let gone = false;
  void child.ended.then(() => {
    gone = true;
  });
  const url = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
  const until = performance.now() + startWithinMs;
  while (performance.now() < until && !gone) {
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer) {
      await answer.body?.cancel();
      return { ...child, url };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await child.stop();
  throw new Sentence(
    gone
      ? `The dashboard ended instead of starting:\n${child.tail()}`
      : `The dashboard did not answer within ${startWithinMs / 1000} s:\n${child.tail()}`,
  );
}
