/**
 * Server-sent events (HTML standard, 9.2). What leaves: logged events, each with its id, in order, without a hole and
 * without a repeat after Last-Event-ID; live figures, rooms and health, without an id, the newest one counts.
 *
 * A stream that begins without an id gets what changed in the last minute first, the newest per recording: what
 * happened between the page's rendering and its connection is in it.
 *
 * A reader that is too slow loses live figures first; when even the log does not fit, its stream is ended, and it
 * resumes where it was.
 */
import { findNewestEventId, listEvents } from '../../../db/queries/list-events.ts';
import { listRecentEvents } from '../../../db/queries/list-recent-events.ts';
import type { EventRow } from '../../../db/schema.ts';
import type { Control } from '../control.ts';
import { currentRooms } from '../current-rooms.ts';
import { recentHealth } from '../health.ts';
import { describeError } from '../http/describe-error.ts';
import { ProblemError } from '../problem-error.ts';
import { currentUpkeep } from '../upkeep.ts';
import { encodeEvent, encodeText, encodeTransient } from './encode-message.ts';
import type { LiveMessage } from './live-hub.ts';

const HEARTBEAT_MS = 15_000;
const RECENT_MS = 60_000;
const EVENTS_PER_READ = 200;
/** Figures are left out when this much waits for the reader … */
const FULL_BYTES = 64 * 1024;
/** … and the stream is ended at this much. */
const OVERFULL_BYTES = 4 * 1024 * 1024;

export interface StreamOptions {
  /** Only this recording, and no rooms. */
  recordingId?: string;
  /** Who reads looks after the installation, and is told what should be put right. */
  upkeep?: boolean;
  /** Who reads: one may have so many. */
  whose: string;
  /** Of the Last-Event-ID header. */
  lastEventId: string | null;
  /** The client is gone. */
  signal: AbortSignal;
  /** Asked with every heartbeat: a session that ended ends its streams, too. */
  isAllowed(): Promise<boolean>;
  heartbeatMs?: number;
}

export function eventStream(control: Control, options: StreamOptions): Response {
  if (!control.streams.take(options.whose)) {
    throw new ProblemError('too-many', 'Too many live streams are open. Close other tabs and try again.', {
      headers: { 'retry-after': '5' },
    });
  }
  const stream = new EventStream(control, options);
  return new Response(stream.body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // For nginx in front of us.
      'x-accel-buffering': 'no',
    },
  });
}

class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #control: Control;
  readonly #options: StreamOptions;
  readonly #cleanups: (() => void)[] = [];
  #output: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Of the newest event that was sent, or that the reader said it has. */
  #sentId = 0;
  /** What happens while the log is being read; afterwards undefined. */
  #held: LiveMessage[] | undefined = [];

  constructor(control: Control, options: StreamOptions) {
    this.#control = control;
    this.#options = options;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (output) => {
          this.#output = output;
          this.#open();
        },
        cancel: () => this.#end(),
      },
      { highWaterMark: FULL_BYTES, size: (chunk) => chunk.byteLength },
    );
  }

  #open(): void {
    const control = this.#control;
    const end = () => this.#end();
    for (const signal of [this.#options.signal, control.stopping]) {
      if (signal.aborted) {
        end();
        return;
      }
      signal.addEventListener('abort', end);
      this.#cleanups.push(() => signal.removeEventListener('abort', end));
    }
    const heartbeat = setInterval(() => void this.#beat(), this.#options.heartbeatMs ?? HEARTBEAT_MS);
    this.#cleanups.push(() => clearInterval(heartbeat));
    // Listening begins before the log is read: nothing falls between.
    this.#cleanups.push(control.hub.subscribe((message) => this.#take(message)));
    this.#write(encodeText('retry: 1000\n\n'));
    this.#begin().catch((error: unknown) => {
      control.log.warn({ error: describeError(error) }, 'stream.ended');
      this.#end();
    });
  }

  async #beat(): Promise<void> {
    if (await this.#options.isAllowed()) this.#write(encodeText(': still here\n\n'));
    else this.#end();
  }

  async #begin(): Promise<void> {
    const { db } = this.#control.database;
    const { recordingId, lastEventId } = this.#options;
    const newestId = await findNewestEventId(db);
    // An id from the future is from another database: begin anew.
    const resumeAfter = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : Number.POSITIVE_INFINITY;
    if (resumeAfter <= newestId) {
      this.#sentId = resumeAfter;
      for (;;) {
        const rows = await listEvents(db, { afterId: this.#sentId, recordingId, limit: EVENTS_PER_READ });
        for (const row of rows) this.#sendEvent(row);
        if (rows.length < EVENTS_PER_READ || this.#output === undefined) break;
        await this.#drained();
      }
    } else {
      for (const row of await listRecentEvents(db, { withinMs: RECENT_MS, recordingId })) this.#sendEvent(row);
      this.#sentId = Math.max(this.#sentId, newestId);
    }
    if (recordingId === undefined) this.#send({ kind: 'rooms', rooms: await currentRooms(this.#control) });
    // Not waited for: a part that is down takes seconds to say so.
    if (recordingId === undefined)
      void recentHealth(this.#control).then((health) => this.#send({ kind: 'health', health }));
    if (this.#options.upkeep) this.#send({ kind: 'upkeep', upkeep: await currentUpkeep(this.#control) });
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.#take(message);
  }

  #take(message: LiveMessage): void {
    if (this.#held) {
      if (message.kind === 'event' || message.kind === 'rooms') this.#held.push(message);
      return;
    }
    const { recordingId } = this.#options;
    if (message.kind === 'event') {
      if (recordingId === undefined || message.event.recordingId === recordingId) this.#sendEvent(message.event);
    } else if (message.kind === 'stats') {
      if (recordingId !== undefined && message.recordingId !== recordingId) return;
      if (this.#waitingBytes() < FULL_BYTES) this.#send(message);
    } else if ((message.kind === 'rooms' || message.kind === 'health') && recordingId === undefined) {
      this.#send(message);
    } else if (message.kind === 'upkeep' && this.#options.upkeep) {
      this.#send(message);
    }
  }

  #sendEvent(event: EventRow): void {
    if (event.id <= this.#sentId) return;
    this.#sentId = event.id;
    this.#write(encodeEvent(event));
  }

  #send(message: Parameters<typeof encodeTransient>[0]): void {
    this.#write(encodeTransient(message));
  }

  #write(bytes: Uint8Array): void {
    if (this.#output === undefined) return;
    this.#output.enqueue(bytes);
    if (this.#waitingBytes() > OVERFULL_BYTES) this.#end();
  }

  #waitingBytes(): number {
    return FULL_BYTES - (this.#output?.desiredSize ?? FULL_BYTES);
  }

  /** A long log is read no faster than the reader takes it. */
  async #drained(): Promise<void> {
    while (this.#output !== undefined && this.#waitingBytes() > FULL_BYTES) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #end(): void {
    const output = this.#output;
    if (output === undefined) return;
    this.#output = undefined;
    for (const cleanup of this.#cleanups) cleanup();
    this.#control.streams.giveBack(this.#options.whose);
    try {
      output.close();
    } catch {
      // Cancelled by the reader: it is closed.
    }
  }
}
