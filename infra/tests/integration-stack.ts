/**
 * What integration tests run against, started once per run: `inject('postgresUrl')`, `inject('livekit')`,
 * `inject('objectServer')`. Tests share the servers, so they use databases, rooms and key prefixes of their own.
 *
 * Tests that start programs of ours as processes find them compiled in `.build`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startLiveKit } from '../dev/start-livekit.ts';
import { startObjectServer } from '../dev/start-object-server.ts';
import { startPostgres } from '../dev/start-postgres.ts';

export interface TestLiveKit {
  /** ws://… */
  url: string;
  apiKey: string;
  apiSecret: string;
}

export interface TestObjectServer {
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the administrator: tests make databases of their own with it. */
    postgresUrl: string;
    livekit: TestLiveKit;
    objectServer: TestObjectServer;
  }
}

export default async function startIntegrationStack(project: TestProject): Promise<() => Promise<void>> {
  // Postgres may run as another user, who must be able to enter.
  const folder = await mkdtemp(join(tmpdir(), 'participant-recorder-tests-'));
  const onProgress = (message: string) => process.stderr.write(`${message}\n`);
  const [, ...started] = await Promise.allSettled([
    // Emits whatever the types say: they are checked elsewhere.
    promisify(execFile)('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json']),
    startPostgres({ folder: join(folder, 'postgres'), disposable: true }),
    startLiveKit({ onProgress }),
    startObjectServer({ folder: join(folder, 'objects'), onProgress }),
  ]);
  const stop = async () => {
    await Promise.all(started.map((part) => (part.status === 'fulfilled' ? part.value.stop() : undefined)));
    await rm(folder, { recursive: true, force: true });
  };

  const [postgres, livekit, objectServer] = started;
  if (postgres.status === 'rejected' || livekit.status === 'rejected' || objectServer.status === 'rejected') {
    await stop();
    throw started.find((part) => part.status === 'rejected')?.reason;
  }
  const { url, apiKey, apiSecret } = livekit.value;
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = objectServer.value;
  project.provide('postgresUrl', postgres.value.url);
  project.provide('livekit', { url, apiKey, apiSecret });
  project.provide('objectServer', { endpoint, region, bucket, accessKeyId, secretAccessKey });
  return stop;
}
