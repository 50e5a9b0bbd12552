/**
 * What the tab knows of the running system, from one EventSource on `/api/v1/events`.
 *
 * Enters: named server-sent events (`liveEventSchemas`). Leaves: a snapshot for `useLive`, replaced at most once a
 * frame. `recording.*` events are resumed by the browser with Last-Event-ID; when it gave up (a refusal, a server that
 * was restarted into another answer) or the tab slept, the store starts over and asks the page to read again
 * (`onStale`). Rooms that did not change stay the same objects. Dropped: finished recordings beyond `maxRecordings`, oldest first; samples beyond `maxSamples`.
 */
import type { LiveEvent, LiveEventName, LiveRoom, Recording } from '../../_control/api.ts';
import { keepUnchanged } from './keep-unchanged.ts';

export type LiveStats = LiveEvent<'recording.stats'>['stats'];
export type LiveHealth = LiveEvent<'health.updated'>;
export type LiveUpkeep = LiveEvent<'upkeep.updated'>;

/** Figures, and when they came, on the store's clock. */
export interface LiveSample extends LiveStats {
  heardAtMs: number;
}

export interface LiveSnapshot {
  /** `signed-out`: the session has ended, and nothing is asked for until the tab is looked at anew. */
  connection: 'connecting' | 'open' | 'lost' | 'signed-out';
  /** Null until the first `rooms.updated`. */
  rooms: readonly LiveRoom[] | null;
  livekit: 'up' | 'down' | null;
  /** Null until the first `health.updated`. */
  health: LiveHealth | null;
  /** Null until the first `upkeep.updated`, which only admins get. */
  upkeep: LiveUpkeep | null;
  /** Recordings that changed since this tab connected. */
  recordings: ReadonlyMap<string, Recording>;
  deleted: ReadonlySet<string>;
  /** The last two minutes of each recording, newest last. The arrays are replaced, never changed. */
  samples: ReadonlyMap<string, readonly LiveSample[]>;
  /** The newest figures of recordings whose recorder warns of something; replaced when the warning changes. */
  warnings: ReadonlyMap<string, LiveStats>;
}

/** The part of EventSource that is used; tests bring their own. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveStoreOptions {
  openStream(): EventStream;
  /** The server refused the stream, and an EventSource does not say why: where it was the session, call `signOut`. */
  onRefused(): void;
  /** Calls back once, soon: before the next frame in a browser. */
  schedule(notify: () => void): void;
  setTimer(callback: () => void, delayMs: number): () => void;
  /** Monotonic. */
  now(): number;
}

/** At one a second. */
export const maxSamples = 120;
const maxRecordings = 500;
const closedState = 2;
const retryDelaysMs = [500, 1_000, 2_000, 5_000, 10_000] as const;

export const emptySnapshot: LiveSnapshot = {
  connection: 'connecting',
  rooms: null,
  livekit: null,
  health: null,
  upkeep: null,
  recordings: new Map(),
  deleted: new Set(),
  samples: new Map(),
  warnings: new Map(),
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
  /** The map of samples that is in `current` and that no reader has seen. */
  private unseenSamples: Map<string, readonly LiveSample[]> | null = null;

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
    this.listen(stream, 'rooms.updated', ({ rooms, livekit }) =>
      this.change({ rooms: keepUnchanged(this.current.rooms, rooms), livekit }),
    );
    this.listen(stream, 'health.updated', (health) => this.change({ health }));
    this.listen(stream, 'upkeep.updated', (upkeep) => this.change({ upkeep }));
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
    recordings.delete(id);
    this.forgetSamples(id);
    this.change({ recordings, deleted: new Set(this.current.deleted).add(id) });
  }

  private listen<Name extends LiveEventName>(stream: EventStream, name: Name, handle: (data: LiveEvent<Name>) => void) {
    stream.addEventListener(name, (event) => {
      if (this.stream !== stream) return;
      handle(JSON.parse(event.data) as LiveEvent<Name>);
    });
  }

  private handleOpen(): void {
    this.failures = 0;
    this.change({ connection: 'open' });
    if (!this.hadStream) return;
    this.hadStream = false;
    // What changed meanwhile may be in no event of the new stream: the page's own copy, read again, is the newer.
    this.change({ recordings: new Map() });
    for (const listener of this.staleListeners) listener();
  }

  private handleError(stream: EventStream): void {
    if (this.stream !== stream) return;
    const wasSignedOut = this.current.connection === 'signed-out';
    if (!wasSignedOut) this.change({ connection: 'lost' });
    // While it is connecting, the browser tries again by itself and resumes by Last-Event-ID.
    if (stream.readyState !== closedState) return;
    this.startOver();
    if (wasSignedOut) return;
    this.options.onRefused();
    const delayMs = retryDelaysMs[Math.min(this.failures, retryDelaysMs.length - 1)] ?? 10_000;
    this.failures += 1;
    this.cancelRetry = this.options.setTimer(() => this.open(), delayMs);
  }

  signOut(): void {
    this.startOver();
    this.close();
    this.change({ connection: 'signed-out' });
  }

  /** What was seen stays to be looked at; once there is a stream again, the page's own copy is read again. */
  startOver(): void {
    this.stream?.close();
    this.stream = null;
    this.hadStream = true;
  }

  private keepRecording(recording: Recording): void {
    if (this.current.deleted.has(recording.id)) return;
    const recordings = new Map(this.current.recordings);
    recordings.delete(recording.id);
    recordings.set(recording.id, recording);
    if (recordings.size > maxRecordings) dropOldestFinished(recordings);
    if (recording.stats === null) this.forgetSamples(recording.id);
    this.change({ recordings });
  }

  private keepSample(id: string, stats: LiveStats): void {
    const before = this.current.samples.get(id) ?? [];
    const sample = { ...stats, heardAtMs: this.options.now() };
    const samples = this.samplesToChange();
    samples.set(id, [...before.slice(-(maxSamples - 1)), sample]);
    this.change({ samples });
    if (warningOf(this.current.warnings.get(id)) !== warningOf(stats)) this.keepWarning(id, stats);
  }

  private keepWarning(id: string, stats: LiveStats | null): void {
    const warnings = new Map(this.current.warnings);
    if (stats === null || warningOf(stats) === '') warnings.delete(id);
    else warnings.set(id, stats);
    this.change({ warnings });
  }

  private forgetSamples(id: string): void {
    const samples = this.samplesToChange();
    samples.delete(id);
    this.change({ samples });
    if (this.current.warnings.has(id)) this.keepWarning(id, null);
  }

  /** Samples of a hundred recordings come at once: their map is copied once for all that come before the next frame. */
  private samplesToChange(): Map<string, readonly LiveSample[]> {
    this.unseenSamples ??= new Map(this.current.samples);
    return this.unseenSamples;
  }

  private change(part: Partial<LiveSnapshot>): void {
    this.current = { ...this.current, ...part };
    if (this.notifying) return;
    this.notifying = true;
    this.options.schedule(() => {
      this.notifying = false;
      this.published = this.current;
      this.unseenSamples = null;
      for (const listener of this.listeners) listener();
    });
  }
}

/** Empty when there is nothing to warn of. */
function warningOf(stats: LiveStats | undefined): string {
  const { uploadTrouble, spoolWarning } = stats ?? {};
  return uploadTrouble || spoolWarning ? JSON.stringify([uploadTrouble, spoolWarning]) : '';
}

const finished: ReadonlySet<string> = new Set(['ready', 'failed', 'absent']);

function dropOldestFinished(recordings: Map<string, Recording>): void {
  for (const [id, recording] of recordings) {
    if (!finished.has(recording.status)) continue;
    recordings.delete(id);
    return;
  }
}
