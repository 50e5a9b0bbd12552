/**
 * The live ParticipantSource: one participant of a LiveKit room.
 *
 * It supervises sessions, each of them a stay in the room that ends once. When one is lost a new one is made with
 * growing pauses; what is known of the participant and its tracks stays, and the difference is told. A lost session
 * whose media still flows is kept until the new one has joined.
 *
 * LiveKit's resume (`reconnect=1`) is not used: it restarts ICE, which libdatachannel cannot. A new session costs about
 * 0.2 s and a keyframe.
 */
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Codec, TrackSource } from '../contract/media.ts';
import {
  noCounters,
  type ParticipantEvents,
  type ParticipantSource,
  type ReceiveCounters,
} from '../participant-source.ts';
import type { CandidateLink } from '../rtp/peer-transport.ts';
import { processTicker, type Ticker } from '../rtp/ticker.ts';
import { TaskError } from '../task-error.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { RoomSession, type SessionEnd } from './room-session.ts';
import { mediaUnreachableError, unreachableError } from './signal-error.ts';
import { type TargetTrack, TargetTracks } from './target-tracks.ts';

export interface LiveKitParticipantOptions {
  /** ws://, wss://, http:// or https:// */
  url: string;
  /** Joins one room, hidden, to subscribe only. */
  token: string;
  /** Who is recorded. */
  identity: string;
  sources: readonly TrackSource[];
  clock: Clock;
  log: Logger;
  /** How long a lost connection is tried to be made again. */
  reconnectForMs?: number;
  ticker?: Ticker;
  random?: () => number;
  /** Between the peers: for tests of bad paths. */
  link?: CandidateLink;
}

/** The first connection: an answer soon, but not for want of one packet. */
const CONNECT_ATTEMPTS = 3;
/** Longer than any restart of a server; then a new attempt elsewhere is the better idea. */
const RECONNECT_FOR_MS = 120_000;
/** A session that lived this long was a good one: the next trouble starts with short pauses again. */
const GOOD_SESSION_MICROS = 10_000_000;
/**
 * A try to come back. While the network is gone each of them waits in vain, and the one that is under way when it returns may wait for
 * a packet that the system sends again only after many seconds: a new try is quicker. Every fourth takes the time a server may need.
 */
const RECONNECT_WITHIN_MS = 3_000;
const PATIENT_TRY = 4;
/** Sessions in a row without media after which more of them help nobody. */
const MOST_SESSIONS_WITHOUT_MEDIA = 3;
/** Tracks whose counters are kept; the oldest go. */
const MOST_COUNTERS = 256;

export class LiveKitParticipant implements ParticipantSource {
  readonly #options: LiveKitParticipantOptions;
  readonly #target: TargetTracks;
  readonly #counters = new Map<string, ReceiveCounters>();
  /** Tracks announced by `trackStarted` and not ended. */
  readonly #started = new Set<string>();
  #events: ParticipantEvents | undefined;
  #token: string;
  #session: RoomSession | undefined;
  #state: 'new' | 'connecting' | 'connected' | 'reconnecting' | 'closed' = 'new';
  /** Tries since the last good session. */
  #attempt = 0;
  #sessionsWithoutMedia = 0;
  /** When the media of the current session connected. */
  #mediaSinceMicros: number | undefined;
  #giveUpAtMicros = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #left: Promise<void> | undefined;

  constructor(options: LiveKitParticipantOptions) {
    this.#options = options;
    this.#token = options.token;
    this.#target = new TargetTracks(options.identity, options.sources, {
      present: (participantSid) => this.#events?.participantPresent(participantSid),
      gone: () => this.#events?.participantGone(),
      published: (track) => this.#handlePublished(track),
      muted: (track) => {
        if (this.#started.has(track.sid)) this.#events?.trackMuted(track.sid, track.muted);
      },
      unpublished: (sid) => this.#endTrack(sid),
    });
  }

  async connect(events: ParticipantEvents): Promise<void> {
    if (this.#state !== 'new') throw new Error('A participant source connects once.');
    this.#events = events;
    this.#state = 'connecting';
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#join();
        return;
      } catch (error) {
        if (this.#isClosed() || attempt === CONNECT_ATTEMPTS || !isRetryable(error)) {
          this.#state = 'closed';
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, this.#delayMs(attempt)));
      }
    }
  }

  requestKeyframe(trackSid: string): void {
    this.#session?.requestKeyframe(trackSid);
  }

  counters(trackSid: string): ReceiveCounters | undefined {
    return this.#counters.get(trackSid);
  }

  close(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #leave(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#retryTimer);
    await this.#session?.complete();
    // Delivers what is whole.
    this.#session?.close();
    this.#session = undefined;
  }

  async #join(openWithinMs?: number): Promise<void> {
    const session: RoomSession = await RoomSession.join({
      url: this.#options.url,
      token: this.#token,
      clock: this.#options.clock,
      log: this.#options.log,
      ticker: this.#options.ticker ?? processTicker,
      link: this.#options.link,
      openWithinMs,
      countersOf: (sid) => this.#countersOf(sid),
      events: {
        updated: (participants) => this.#target.handleUpdate(participants),
        tokenRefreshed: (token) => {
          this.#token = token;
        },
        mediaConnected: () => this.#handleMediaConnected(),
        ended: (end) => {
          // What a session that was replaced still says is not news; and with one that is over nothing can be completed.
          if (this.#isClosed()) session.close();
          else if (this.#session === session) this.#handleEnded(end);
        },
        trackStarted: (sid, codec, clockRate, channels) => this.#startTrack(sid, codec, clockRate, channels),
        frame: (sid, frame) => {
          if (this.#started.has(sid)) this.#events?.frame(sid, frame);
        },
        senderReport: (sid, report) => {
          if (this.#started.has(sid)) this.#events?.senderReport(sid, report);
        },
      },
    });
    if (this.#isClosed()) {
      session.close();
      throw new TaskError('livekit.closed', 'The recorder was stopped before it had joined.', 'system', false);
    }
    this.#session?.close();
    this.#session = session;
    if (this.#state === 'connecting') this.#state = 'connected';
    this.#mediaSinceMicros = undefined;
    // First who was there at the join, then what happened since.
    this.#target.handleRoom(session.participants);
    for (const track of this.#target.all()) session.subscribe(track);
    session.run();
  }

  #handleMediaConnected(): void {
    this.#sessionsWithoutMedia = 0;
    this.#mediaSinceMicros ??= this.#options.clock.monotonicMicros();
    if (this.#state !== 'reconnecting') return;
    this.#state = 'connected';
    this.#events?.reconnected();
  }

  #handleEnded(end: SessionEnd): void {
    if (end === 'room-ended') {
      const events = this.#events;
      for (const sid of [...this.#started]) this.#endTrack(sid);
      void this.close();
      events?.roomEnded();
      return;
    }
    const nowMicros = this.#options.clock.monotonicMicros();
    if (end === 'media-lost') {
      this.#session?.close();
      if (this.#mediaSinceMicros === undefined) this.#sessionsWithoutMedia += 1;
      if (this.#sessionsWithoutMedia >= MOST_SESSIONS_WITHOUT_MEDIA) {
        this.#fail(mediaUnreachableError(new URL(this.#options.url).host));
        return;
      }
    }
    if (this.#mediaSinceMicros !== undefined && nowMicros - this.#mediaSinceMicros >= GOOD_SESSION_MICROS) {
      this.#attempt = 0;
    }
    if (this.#state !== 'reconnecting') {
      this.#state = 'reconnecting';
      this.#giveUpAtMicros = nowMicros + (this.#options.reconnectForMs ?? RECONNECT_FOR_MS) * 1000;
      this.#events?.reconnecting();
    }
    this.#retryLater();
  }

  #retryLater(): void {
    const delayMs = this.#attempt === 0 ? 0 : this.#delayMs(this.#attempt);
    this.#attempt += 1;
    clearTimeout(this.#retryTimer);
    const openWithinMs = this.#attempt % PATIENT_TRY === 0 ? undefined : RECONNECT_WITHIN_MS;
    this.#retryTimer = setTimeout(() => {
      this.#join(openWithinMs).catch((error: unknown) => {
        if (this.#isClosed()) return;
        if (isRetryable(error) && this.#options.clock.monotonicMicros() < this.#giveUpAtMicros) this.#retryLater();
        else this.#fail(error);
      });
    }, delayMs);
  }

  #fail(error: unknown): void {
    const events = this.#events;
    void this.close();
    events?.failed(error instanceof TaskError ? error : unreachableError(new URL(this.#options.url).host, error));
  }

  #handlePublished(track: TargetTrack): void {
    if (track.encrypted) {
      this.#fail(
        new TaskError(
          'participant.encrypted',
          'The participant encrypts its tracks end to end, and only who has the key can read them: switch encryption off for this room to record it.',
          'publisher',
          false,
        ),
      );
      return;
    }
    this.#session?.subscribe(track);
  }

  #startTrack(sid: string, codec: Codec, clockRate: number, channels: number | undefined): void {
    const track = this.#target.get(sid);
    if (!track) return;
    this.#started.add(sid);
    const { source, kind } = track;
    this.#events?.trackStarted({ trackSid: sid, source, kind, codec, clockRate, channels });
    if (track.muted) this.#events?.trackMuted(sid, true);
  }

  #endTrack(sid: string): void {
    this.#session?.endTrack(sid);
    if (this.#started.delete(sid)) this.#events?.trackEnded(sid);
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #delayMs(attempt: number): number {
    return reconnectDelayMs(attempt, this.#options.random ?? Math.random);
  }

  #countersOf(sid: string): ReceiveCounters {
    let counters = this.#counters.get(sid);
    if (!counters) {
      counters = noCounters();
      const [oldest] = this.#counters.keys();
      if (this.#counters.size >= MOST_COUNTERS && oldest !== undefined) this.#counters.delete(oldest);
      this.#counters.set(sid, counters);
    }
    return counters;
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof TaskError && error.retryable;
}
