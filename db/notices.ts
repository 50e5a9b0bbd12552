/**
 * LISTEN/NOTIFY: how the processes of one installation wake each other. A notice is a hint that something changed, or
 * carries a figure nobody minds missing; what must not be missed is in a table. After a lost connection the listener
 * is told to look again (`listening`).
 */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { boundedSocket, SILENT_MS } from './bounded-socket.ts';
import type { Queryable } from './client.ts';

export interface NoticePayloads {
  /** An attempt was queued. Payload: its id. */
  recorder_tasks: string;
  /** A recording's command changed, or its attempt was taken away. Payload: the attempt's id. */
  recorder_commands: string;
  /** Rows were added to `events`. Payload: none. */
  recording_events: string;
  /** Live figures, JSON `[[recordingId, LiveStats], …]`. */
  recording_stats: string;
  /** LiveKit's rooms changed. Payload: nothing that matters. */
  livekit_rooms: string;
}
export type NoticeChannel = keyof NoticePayloads;

export const noticeChannels: readonly NoticeChannel[] = [
  'recorder_tasks',
  'recorder_commands',
  'recording_events',
  'recording_stats',
  'livekit_rooms',
];

/** Postgres refuses payloads of 8000 bytes or more. */
export const NOTICE_MAX_BYTES = 7_999;

/** Sent when the transaction commits, or at once outside of one. */
export async function notify(db: Queryable, channel: NoticeChannel, payload = ''): Promise<void> {
  await db.execute(sql`select pg_notify(${channel}, ${payload})`);
}

export interface NoticeHandlers {
  notice(channel: NoticeChannel, payload: string): void;
  /** Listening (again): anything may have been missed before. */
  listening(): void;
}

export interface NoticeListener {
  stop(): Promise<void>;
}

/** An answer to this shows that the connection still works; without one it is cut (bounded-socket.ts). */
const HEARTBEAT_MS = SILENT_MS / 2;
const FIRST_RETRY_MS = 50;
const MOST_RETRY_MS = 1_000;

/**
 * Listens to all channels on a connection of its own, and connects again when it is lost. Resolves when it listens for
 * the first time; rejects when that fails, and then listens to nothing.
 */
export async function listenToNotices(databaseUrl: string, handlers: NoticeHandlers): Promise<NoticeListener> {
  const stopping = new AbortController();
  let connection = await connect(databaseUrl, handlers);
  const keeping = (async () => {
    while (!stopping.signal.aborted) {
      await untilLost(connection, stopping.signal);
      for (let retryMs = FIRST_RETRY_MS; !stopping.signal.aborted; retryMs = Math.min(retryMs * 2, MOST_RETRY_MS)) {
        await delay(retryMs, undefined, { signal: stopping.signal }).catch(() => {});
        const next = await connect(databaseUrl, handlers).catch(() => undefined);
        if (!next) continue;
        connection = next;
        break;
      }
    }
    // A listener has nothing under way that would be worth waiting for.
    connection.stream.destroy();
  })();
  return {
    async stop() {
      stopping.abort();
      await keeping;
    },
  };
}

interface Connection {
  client: Client;
  stream: Socket;
  lost: Promise<unknown>;
}

async function connect(databaseUrl: string, handlers: NoticeHandlers): Promise<Connection> {
  const stream = boundedSocket();
  const client = new Client({ connectionString: databaseUrl, stream: () => stream, application_name: 'notices' });
  const lost = new Promise((resolve) => client.once('end', resolve));
  client.on('error', () => stream.destroy());
  client.on('notification', ({ channel, payload = '' }) => {
    const known = noticeChannels.find((candidate) => candidate === channel);
    if (known) handlers.notice(known, payload);
  });
  try {
    await client.connect();
    await client.query(noticeChannels.map((channel) => `listen ${channel}`).join('; '));
  } catch (error) {
    stream.destroy();
    throw error;
  }
  handlers.listening();
  return { client, stream, lost };
}

async function untilLost({ client, lost }: Connection, signal: AbortSignal): Promise<void> {
  const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  const heartbeat = setInterval(() => void client.query('select 1').catch(() => {}), HEARTBEAT_MS);
  await Promise.race([lost, stopped]);
  clearInterval(heartbeat);
}
