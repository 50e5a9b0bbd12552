/** A control plane for a test file: a database and a folder of its own, and the real LiveKit server of the run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type FreshDatabase, freshDatabase } from '../../../db/testing/fresh-database.ts';
import { FolderStore } from '../../../storage/folder-store.ts';
import type { Control } from '../control.ts';
import { DemoParticipants } from '../demo-participants.ts';
import { type Environment, parseEnvironment } from '../environment.ts';
import { BackgroundTasks } from '../live/background-tasks.ts';
import { LiveHub } from '../live/live-hub.ts';
import { StreamSlots } from '../live/stream-slots.ts';
import { LiveRooms } from '../livekit/live-rooms.ts';
import { LiveKitApi } from '../livekit/livekit-api.ts';
import { MediaCounters } from '../media-counters.ts';

export interface TestControl extends Control {
  readonly database: FreshDatabase;
  /** What was logged, newest last. */
  readonly logged: string[];
  close(): Promise<void>;
}

export interface TestServers {
  postgresUrl: string;
  /** Default: a port where nothing listens. */
  livekit?: { url: string; apiKey: string; apiSecret: string };
}

export async function testControl(servers: TestServers, variables: Record<string, string> = {}): Promise<TestControl> {
  const folder = await mkdtemp(join(tmpdir(), 'participant-recorder-control-'));
  const database = await freshDatabase(servers.postgresUrl);
  const environment = testEnvironment({
    DATABASE_URL: database.url,
    STORAGE_URL: `file:${folder}`,
    ...(servers.livekit && {
      LIVEKIT_URL: servers.livekit.url,
      LIVEKIT_API_KEY: servers.livekit.apiKey,
      LIVEKIT_API_SECRET: servers.livekit.apiSecret,
    }),
    ...variables,
  });
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  const livekit = new LiveKitApi({
    apiUrl: environment.livekitApiUrl,
    apiKey: environment.livekitApiKey,
    apiSecret: environment.livekitApiSecret,
  });
  const store = await FolderStore.open(folder);
  const hub = new LiveHub(database, (error) => log.error(error));
  const tasks = new BackgroundTasks((name, error) => log.error({ name, error }));
  const stopping = new AbortController();
  const rooms = new LiveRooms(livekit, () => {});
  await hub.start();
  return {
    environment,
    version: '1.0.0 abcdef0',
    database,
    store,
    livekit,
    rooms,
    hub,
    tasks,
    demo: new DemoParticipants(environment, log),
    streams: new StreamSlots(),
    counters: new MediaCounters(),
    log,
    stopping: stopping.signal,
    logged,
    async close() {
      stopping.abort();
      await tasks.settled();
      rooms.stop();
      await hub.stop();
      store.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function testEnvironment(variables: Record<string, string> = {}): Environment {
  return parseEnvironment({
    PUBLIC_URL: 'http://recorder.test',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    STORAGE_URL: 'file:/nowhere',
    LIVEKIT_URL: 'ws://127.0.0.1:1',
    LIVEKIT_API_KEY: 'devkey',
    LIVEKIT_API_SECRET: 'a secret of at least thirty-two characters',
    APP_SECRET: 'another secret of at least thirty-two characters',
    WORKER_TOKEN: 'the token of the workers',
    ADMIN_API_KEY: 'the key of the administrator',
    ...variables,
  });
}
