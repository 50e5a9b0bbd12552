/**
 * LiveKit's rooms as last seen by this process. Listed again when a webhook of any process says that something
 * changed, and every few seconds anyway; never twice at once.
 */
import { ROOMS_REFRESH_MS } from '../timing.ts';
import type { LiveKitApi } from './livekit-api.ts';
import { presentRoom, type SeenRoom } from './present-participant.ts';

export interface RoomsSnapshot {
  livekit: 'up' | 'down';
  rooms: readonly SeenRoom[];
  /** Monotonic, of the listing's start: the rooms are at least this fresh. */
  seenAtMs: number;
}

/** Rooms whose participants are asked for at once. */
const PARALLEL_ROOMS = 8;
/** Webhooks come in bursts: one listing serves all that come within this. */
const SETTLE_MS = 100;
/** A hundred rooms are a hundred questions: hints may not make it list all the time. So many times as long as it took it rests. */
const RESTS = 4;

export class LiveRooms {
  readonly #livekit: LiveKitApi;
  readonly #onChange: () => void;
  #snapshot: RoomsSnapshot | undefined;
  #running: Promise<RoomsSnapshot> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The last listing. */
  #tookMs = 0;

  constructor(livekit: LiveKitApi, onChange: () => void) {
    this.#livekit = livekit;
    this.#onChange = onChange;
  }

  get snapshot(): RoomsSnapshot | undefined {
    return this.#snapshot;
  }

  /** A snapshot that began after this call. When LiveKit is down, the rooms last seen, marked so. */
  async refresh(): Promise<RoomsSnapshot> {
    // A listing that is under way may have missed what the caller knows of: one more after it.
    await this.#running;
    this.#running ??= this.#list().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Refreshes soon, once for many calls. */
  refreshSoon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.refresh();
      },
      Math.min(ROOMS_REFRESH_MS, Math.max(SETTLE_MS, RESTS * this.#tookMs)),
    );
    this.#timer.unref();
  }

  /** At most `maxAgeMs` old. */
  async recent(maxAgeMs: number): Promise<RoomsSnapshot> {
    const snapshot = this.#snapshot;
    return snapshot && performance.now() - snapshot.seenAtMs <= maxAgeMs ? snapshot : this.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #list(): Promise<RoomsSnapshot> {
    const seenAtMs = performance.now();
    const before = this.#snapshot;
    let next: RoomsSnapshot;
    try {
      const listed = await this.#livekit.listRooms();
      const rooms: SeenRoom[] = [];
      const waiting = [...listed];
      const work = async () => {
        for (let room = waiting.pop(); room; room = waiting.pop()) {
          rooms.push(presentRoom(room, await this.#livekit.listParticipants(room.name)));
        }
      };
      await Promise.all(Array.from({ length: PARALLEL_ROOMS }, work));
      rooms.sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.sid.localeCompare(b.sid));
      next = { livekit: 'up', rooms, seenAtMs };
    } catch {
      // What is wrong is said by /api/health and by whoever starts a recording.
      next = { livekit: 'down', rooms: before?.rooms ?? [], seenAtMs };
    }
    this.#snapshot = next;
    this.#tookMs = performance.now() - seenAtMs;
    if (JSON.stringify([before?.livekit, before?.rooms]) !== JSON.stringify([next.livekit, next.rooms])) {
      this.#onChange();
    }
    return next;
  }
}
