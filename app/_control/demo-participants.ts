/** Synthetic participants for trying things out: processes of the demo publisher, few, short-lived, ended with us. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { demoParticipantRequestSchema } from './api.ts';
import type { Environment } from './environment.ts';
import { ProblemError } from './problem-error.ts';

/** Each encodes video: more would slow down what they are meant to show. */
const MAX_DEMO_PARTICIPANTS = 4;
/** They end by themselves; this is for one that does not. */
const OVERTIME_MS = 30_000;

export interface DemoParticipant {
  room: string;
  identity: string;
  seconds: number;
}

export class DemoParticipants {
  readonly #environment: Environment;
  readonly #log: Logger;
  readonly #running = new Set<ChildProcess>();

  constructor(environment: Environment, log: Logger) {
    this.#environment = environment;
    this.#log = log;
  }

  add(request: z.output<typeof demoParticipantRequestSchema>): DemoParticipant {
    const program = join(process.cwd(), '.build', 'infra', 'demo', 'main.js');
    if (!existsSync(program)) {
      throw new ProblemError('conflict', 'The demo publisher is not built: start the product with npm start.');
    }
    if (this.#running.size >= MAX_DEMO_PARTICIPANTS) {
      throw new ProblemError(
        'too-many',
        `There are ${this.#running.size} demo participants already. Wait until one leaves.`,
      );
    }
    const { room, codec, size, seconds } = request;
    const identity = request.identity ?? `demo-${randomBytes(3).toString('hex')}`;
    const { livekitSocketUrl, livekitApiKey, livekitApiSecret } = this.#environment;
    const args = Object.entries({ room, identity, codec, size, seconds }).map(([name, value]) => `--${name}=${value}`);
    const child = spawn(process.execPath, [program, ...args], {
      stdio: 'ignore',
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH,
        LIVEKIT_URL: livekitSocketUrl,
        LIVEKIT_API_KEY: livekitApiKey,
        LIVEKIT_API_SECRET: livekitApiSecret,
      },
    });
    this.#running.add(child);
    const overtime = setTimeout(() => child.kill('SIGKILL'), seconds * 1000 + OVERTIME_MS);
    const ended = (how: object) => {
      clearTimeout(overtime);
      if (this.#running.delete(child)) this.#log.info({ room, identity, ...how }, 'demo-participant.ended');
    };
    child.once('exit', (code, signal) => ended({ code, signal }));
    child.once('error', (error) => ended({ error: error.message }));
    return { room, identity, seconds };
  }

  /** Asked to leave, then made to. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map(end));
  }
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 1000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
