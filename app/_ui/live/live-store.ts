/**
 * What the tab knows of the running system, from one EventSource on `/api/v1/events`.
 *
 * Enters: named server-sent events (`liveEventSchemas`). Leaves: a snapshot for `useLive`, replaced at most once a
 * frame. `recording.*` events are resumed by the browser with Last-Event-ID; when it gave up (a refusal, a server that
 * was restarted into another answer) or the tab slept, the store starts over and asks the page to read again
 * (`onStale`). Dropped: finished recordings beyond `maxRecordings`, oldest first; samples beyond `maxSamples`.
 */
import type { LiveEvent, LiveEventName, LiveRoom, Recording } from '../../_control/api.ts';

export type LiveStats = LiveEvent<'recording.stats'>['stats'];

export interface LiveSnapshot {
  connection: 'connecting' | 'open' | 'lost';
  /** Null until the first `rooms.updated`. */
  rooms: readonly LiveRoom[] | null;
  livekit: 'up' | 'down' | null;
  /** Recordings that changed since this tab connected. */
  recordings: ReadonlyMap<string, Recording>;
  deleted: ReadonlySet<string>;
  /** The last minute of each recording, newest last. The arrays are replaced, never changed. */
  samples: ReadonlyMap<string, readonly LiveStats[]>;
}

/** The part of EventSource that is used; tests bring their own. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveStoreOptions {
  openStream(): EventStream;
  /** Calls back once, soon: before the next frame in a browser. */
  schedule(notify: () => void): void;
  setTimer(callback: () => void, delayMs: number): () => void;
}

export const maxSamples = 60;
const maxRecordings = 500;
const closedState = 2;
const retryDelaysMs = [500, 1_000, 2_000, 5_000, 10_000] as const;

export const emptySnapshot: LiveSnapshot = {
  connection: 'connecting',
  rooms: null,
  livekit: null,
  recordings: new Map(),
  deleted: new Set(),
  samples: new Map(),
};

export class LiveStore {
  private current: LiveSnapshot = emptySnapshot;
  private published: LiveSnapshot = emptySnapshot;
  private readonly listeners = new Set<() => void>();
  private readonly staleListeners = new Set<() => void>();
  private stream: EventStream | null = null;
  private cancelRetry: (() => void) | null = null;
  private failures = 0;
  private hadStream = false;
  private notifying = false;

  constructor(private readonly options: LiveStoreOptions) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): LiveSnapshot => this.published;

  /** Called when events may have been missed: what the page got from the server has to be read again. */
  onStale(listener: () => void): () => void {
    this.staleListeners.add(listener);
    return () => this.staleListeners.delete(listener);
  }

  open(): void {
    if (this.stream !== null) return;
    this.cancelRetry?.();
    this.cancelRetry = null;
    const stream = this.options.openStream();
    this.stream = stream;
    stream.addEventListener('open', () => this.handleOpen());
    stream.addEventListener('error', () => this.handleError(stream));
    this.listen(stream, 'rooms.updated', ({ rooms, livekit }) => this.change({ rooms, livekit }));
    this.listen(stream, 'recording.updated', (recording) => this.keepRecording(recording));
    this.listen(stream, 'recording.deleted', ({ id }) => this.forgetRecording(id));
    this.listen(stream, 'recording.stats', ({ id, stats }) => this.keepSample(id, stats));
  }

  close(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.stream?.close();
    this.stream = null;
  }

  /** The answer of a start, shown before its event arrives. An event that was quicker is newer and stays. */
  expectRecording(recording: Recording): void {
    if (!this.current.recordings.has(recording.id)) this.keepRecording(recording);
  }

  forgetRecording(id: string): void {
    const recordings = new Map(this.current.recordings);
    const samples = new Map(this.current.samples);
    recordings.delete(id);
    samples.delete(id);
    this.change({ recordings, samples, deleted: new Set(this.current.deleted).add(id) });
  }

  private listen<Name extends LiveEventName>(stream: EventStream, name: Name, handle: (data: LiveEvent<Name>) => void) {
    stream.addEventListener(name, (event) => {
      if (this.stream !== stream) return;
      handle(JSON.parse(event.data) as LiveEvent<Name>);
    });
  }

  private handleOpen(): void {
    this.failures = 0;
    if (this.hadStream) for (const listener of this.staleListeners) listener();
    this.hadStream = false;
    this.change({ connection: 'open' });
  }

  private handleError(stream: EventStream): void {
    if (this.stream !== stream) return;
    this.change({ connection: 'lost' });
    // While it is connecting, the browser tries again by itself and resumes by Last-Event-ID.
    if (stream.readyState !== closedState) return;
    this.startOver();
    const delayMs = retryDelaysMs[Math.min(this.failures, retryDelaysMs.length - 1)] ?? 10_000;
    this.failures += 1;
    this.cancelRetry = this.options.setTimer(() => this.open(), delayMs);
  }

  /** Nothing of what was seen can be trusted to be the newest any more: the page's own copy is read again. */
  startOver(): void {
    this.stream?.close();
    this.stream = null;
    this.hadStream = true;
    this.change({ rooms: null, livekit: null, recordings: new Map(), deleted: new Set(), samples: new Map() });
  }

  private keepRecording(recording: Recording): void {
    if (this.current.deleted.has(recording.id)) return;
    const recordings = new Map(this.current.recordings);
    recordings.delete(recording.id);
    recordings.set(recording.id, recording);
    if (recordings.size > maxRecordings) dropOldestFinished(recordings);
    const samples = new Map(this.current.samples);
    if (recording.stats === null) samples.delete(recording.id);
    this.change({ recordings, samples });
  }

  private keepSample(id: string, stats: LiveStats): void {
    const before = this.current.samples.get(id) ?? [];
    const samples = new Map(this.current.samples);
    samples.set(id, [...before.slice(-(maxSamples - 1)), stats]);
    this.change({ samples });
  }

  private change(part: Partial<LiveSnapshot>): void {
    this.current = { ...this.current, ...part };
    if (this.notifying) return;
    this.notifying = true;
    this.options.schedule(() => {
      this.notifying = false;
      this.published = this.current;
      for (const listener of this.listeners) listener();
    });
  }
}

const finished: ReadonlySet<string> = new Set(['ready', 'failed', 'absent']);

function dropOldestFinished(recordings: Map<string, Recording>): void {
  for (const [id, recording] of recordings) {
    if (!finished.has(recording.status)) continue;
    recordings.delete(id);
    return;
  }
}
