/** The process's one control plane. Next.js bundles modules several times: it is kept on `globalThis`. */
import { pino } from 'pino';
import { openDatabase } from '../../db/client.ts';
import { productVersion } from '../../recorder/contract/product-version.ts';
import { openStore } from '../../storage/open-store.ts';
import { runBackground } from './background.ts';
import type { Control } from './control.ts';
import { DemoParticipants } from './demo-participants.ts';
import { parseEnvironment } from './environment.ts';
import { closeConnectionsWhen } from './http/close-connections.ts';
import { describeError } from './http/describe-error.ts';
import { keepContentLength } from './http/keep-content-length.ts';
import { noteConnection } from './http/note-connection.ts';
import { BackgroundTasks } from './live/background-tasks.ts';
import { startHealthFeed } from './live/health-feed.ts';
import { LiveHub } from './live/live-hub.ts';
import { type RoomsFeed, startRoomsFeed } from './live/rooms-feed.ts';
import { StreamSlots } from './live/stream-slots.ts';
import { LiveRooms } from './livekit/live-rooms.ts';
import { LiveKitApi } from './livekit/livekit-api.ts';
import { MediaCounters } from './media-counters.ts';

/**
 * A burst of joins is transactions of some round trips each, which wait far more than they work: more at a time are done sooner. What
 * is not used goes back to the server when the burst is over.
 */
const DATABASE_CONNECTIONS = 20;

interface Running {
  control: Control;
  stop(): Promise<void>;
}

const key = Symbol.for('participant-recorder.control-plane');
const holder = globalThis as { [key]?: Promise<Running> };

/** Opened with the first call; a failure is not kept, so that the next call tries again. */
export async function controlPlane(): Promise<Control> {
  holder[key] ??= open().catch((error: unknown) => {
    delete holder[key];
    throw error;
  });
  return (await holder[key]).control;
}

/** Called once, when the server starts. */
export async function startControlPlane(): Promise<void> {
  keepContentLength();
  noteConnection();
  closeConnectionsWhen((await controlPlane()).stopping);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stopControlPlane());
}

/** Ends what is held open, so that the server can close; work under way is finished. */
export async function stopControlPlane(): Promise<void> {
  await (await holder[key])?.stop();
}

async function open(): Promise<Running> {
  const environment = parseEnvironment(process.env);
  const log = pino({ level: environment.logLevel, base: { part: 'dashboard' } });
  if (environment.adminApiKey !== undefined && environment.adminApiKey.length < 16) {
    log.warn('ADMIN_API_KEY is short enough to be guessed: use at least 16 random characters');
  }
  const database = openDatabase(environment.databaseUrl, { maxConnections: DATABASE_CONNECTIONS });
  const store = await openStore(environment.storageUrl, process.env);
  const livekit = new LiveKitApi({
    apiUrl: environment.livekitApiUrl,
    apiKey: environment.livekitApiKey,
    apiSecret: environment.livekitApiSecret,
  });
  const stopping = new AbortController();
  const hub = new LiveHub(database, (error) => log.warn({ error: describeError(error) }, 'events.not-read'));
  let feed: RoomsFeed | undefined;
  const rooms = new LiveRooms(livekit, () => feed?.changed());
  const tasks = new BackgroundTasks((name, error) => log.error({ name, error: describeError(error) }, 'task.failed'));
  const demo = new DemoParticipants(environment, log);
  const control: Control = {
    environment,
    version: productVersion(process.cwd()),
    database,
    store,
    livekit,
    rooms,
    hub,
    tasks,
    demo,
    streams: new StreamSlots(),
    counters: new MediaCounters(),
    log,
    stopping: stopping.signal,
  };
  feed = startRoomsFeed(control);
  const health = startHealthFeed(control);
  const listening = listenUntilItWorks(control);
  const background = runBackground(control);

  return {
    control,
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      feed?.stop();
      health.stop();
      rooms.stop();
      await demo.stop();
      await Promise.all([background, listening, tasks.settled()]);
      await hub.stop();
      // Database and store stay open: requests under way still use them. They end with the process.
    },
  };
}

/** The database may come up after us. */
async function listenUntilItWorks(control: Control): Promise<void> {
  for (let failures = 0; !control.stopping.aborted; failures++) {
    try {
      return await control.hub.start();
    } catch (error) {
      if (failures === 0)
        control.log.warn({ error: describeError(error) }, 'database.unreachable, will be tried again');
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
