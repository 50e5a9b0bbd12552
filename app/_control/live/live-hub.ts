/**
 * What happens now, from every process of the installation, for whoever listens in this one: SSE streams, held-open
 * claims, the list of rooms. Events are read from their table in order, once per process, whatever the number of
 * listeners; figures come inside the notice; the rest are hints to look again.
 */
import type { DatabaseClient } from '../../../db/client.ts';
import { listenToNotices, type NoticeChannel } from '../../../db/notices.ts';
import { findNewestEventId, listEvents } from '../../../db/queries/list-events.ts';
import type { EventRow } from '../../../db/schema.ts';
import type { LiveStats } from '../../../recorder/contract/report.ts';
import type { LiveEvent } from '../api.ts';

export type LiveMessage =
  | { kind: 'event'; event: EventRow }
  | { kind: 'stats'; recordingId: string; stats: LiveStats }
  | { kind: 'rooms'; rooms: LiveEvent<'rooms.updated'> }
  /** An attempt was queued. */
  | { kind: 'task' }
  | { kind: 'command'; attemptId: string }
  /** LiveKit's rooms changed: list them again. */
  | { kind: 'rooms-hint' };

const EVENTS_PER_READ = 500;

export class LiveHub {
  readonly #database: DatabaseClient;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<(message: LiveMessage) => void>();
  #running = false;
  #lastEventId: number | undefined;
  #reading: Promise<void> | undefined;
  #readAgain = false;

  constructor(database: DatabaseClient, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    if (this.#running) return;
    // Kept over a failed start: nothing is missed in between.
    this.#lastEventId ??= await findNewestEventId(this.#database.db);
    this.#running = true;
    await listenToNotices(this.#database.sql, {
      notice: (channel, payload) => this.#running && this.#handleNotice(channel, payload),
      listening: (channel) => this.#running && this.#handleListening(channel),
    }).catch((error: unknown) => {
      this.#running = false;
      throw error;
    });
  }

  /** For good: the connection that listens is closed with the database. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#reading;
  }

  /** Listeners must not throw and must not block. */
  subscribe(listener: (message: LiveMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(message: LiveMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  #handleNotice(channel: NoticeChannel, payload: string): void {
    if (channel === 'recorder_tasks') this.publish({ kind: 'task' });
    else if (channel === 'recorder_commands') this.publish({ kind: 'command', attemptId: payload });
    else if (channel === 'livekit_rooms') this.publish({ kind: 'rooms-hint' });
    else if (channel === 'recording_events') this.#readEvents();
    else {
      for (const [recordingId, stats] of JSON.parse(payload) as [string, LiveStats][]) {
        this.publish({ kind: 'stats', recordingId, stats });
      }
    }
  }

  /** After a lost connection: whatever was missed is looked for. */
  #handleListening(channel: NoticeChannel): void {
    if (channel === 'recording_events') this.#readEvents();
    if (channel === 'recorder_tasks') this.publish({ kind: 'task' });
    if (channel === 'livekit_rooms') this.publish({ kind: 'rooms-hint' });
  }

  #readEvents(): void {
    this.#readAgain = true;
    this.#reading ??= this.#drainEvents().finally(() => {
      this.#reading = undefined;
    });
  }

  async #drainEvents(): Promise<void> {
    while (this.#readAgain && this.#running) {
      this.#readAgain = false;
      try {
        for (;;) {
          const rows = await listEvents(this.#database.db, {
            afterId: this.#lastEventId ?? 0,
            limit: EVENTS_PER_READ,
          });
          for (const event of rows) {
            this.#lastEventId = event.id;
            this.publish({ kind: 'event', event });
          }
          if (rows.length < EVENTS_PER_READ) break;
        }
      } catch (error) {
        // Read when the connection is back, or with the next event.
        this.#onError(error);
      }
    }
  }
}
