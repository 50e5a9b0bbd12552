/**
 * LISTEN/NOTIFY: how the processes of one installation wake each other. A notice is a hint that something changed, or
 * carries a figure nobody minds missing; what must not be missed is in a table. After a lost connection the listener
 * is told to look again (`reconnected`).
 */
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Queryable } from './client.ts';

export interface NoticePayloads {
  /** An attempt was queued. Payload: its id. */
  recorder_tasks: string;
  /** A recording's command changed, or its attempt was taken away. Payload: the attempt's id. */
  recorder_commands: string;
  /** Rows were added to `events`. Payload: the newest id. */
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
  /** Listening (again): anything may have been missed before. Called once per channel. */
  listening(channel: NoticeChannel): void;
}

/**
 * Listens to all channels on one connection of its own; the driver connects again when it is lost. It ends with the
 * client: the driver's own `unlisten` may wait for ever on a connection that was just made again.
 */
export async function listenToNotices(client: postgres.Sql, handlers: NoticeHandlers): Promise<void> {
  await Promise.all(
    noticeChannels.map((channel) =>
      client.listen(
        channel,
        (payload) => handlers.notice(channel, payload),
        () => handlers.listening(channel),
      ),
    ),
  );
}
