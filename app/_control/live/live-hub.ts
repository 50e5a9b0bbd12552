/**
 * What happens now, from every process of the installation, for whoever listens in this one: SSE streams, held-open
 * claims, the list of rooms. Events are read from their table in order, once per process, whatever the number of
 * listeners; figures come inside the notice; the rest are hints to look again.
 */
import type { DatabaseClient } from '../../../db/client.ts';
import { listenToNotices, type NoticeChannel, type NoticeListener } from '../../../db/notices.ts';
import { findNewestEventId, listEvents } from '../../../db/queries/list-events.ts';
import type { EventRow } from '../../../db/schema.ts';
import type { LiveStats } from '../../../recorder/contract/report.ts';
import type { LiveEvent } from '../api.ts';

export type LiveMessage =
  | { kind: 'event'; event: EventRow }
  | { kind: 'stats'; recordingId: string; stats: LiveStats }
  | { kind: 'rooms'; rooms: LiveEvent<'rooms.updated'> }
  | { kind: 'health'; health: LiveEvent<'health.updated'> }
  | { kind: 'upkeep'; upkeep: LiveEvent<'upkeep.updated'> }
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
  #listener: NoticeListener | undefined;
  #lastEventId: number | undefined;
  #reading: Promise<void> | undefined;
  #readAgain = false;

  constructor(database: DatabaseClient, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    if (this.#listener) return;
    // Kept over a failed start: nothing is missed in between.
    this.#lastEventId ??= await findNewestEventId(this.#database.db);
    this.#listener = await listenToNotices(this.#database.url, {
      notice: (channel, payload) => this.#handleNotice(channel, payload),
      listening: () => this.#handleListening(),
    });
  }

  async stop(): Promise<void> {
    await this.#listener?.stop();
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
  #handleListening(): void {
    this.#readEvents();
    this.publish({ kind: 'task' });
    this.publish({ kind: 'rooms-hint' });
  }

  #readEvents(): void {
    this.#readAgain = true;
    this.#reading ??= this.#drainEvents().finally(() => {
      this.#reading = undefined;
    });
  }

  async #drainEvents(): Promise<void> {
    while (this.#readAgain) {
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
