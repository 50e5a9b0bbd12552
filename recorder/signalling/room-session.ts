/**
 * One stay in the room: a signalling connection and a peer connection, with a receiver for every stream. It ends once and
 * is then thrown away; whoever owns it makes a new one.
 *
 *   offer → receivers and answer;  packet → receiver by SSRC → frames;  reports and requests → server
 */
import {
  ClientConfigSetting,
  DisconnectReason,
  type JoinResponse,
  LeaveRequest_Action,
  type ParticipantInfo,
  ParticipantTracks,
  SessionDescription,
  SignalTarget,
  SubscriptionError,
  TrickleRequest,
  UpdateSubscription,
  UpdateTrackSettings,
  VideoQuality,
} from '@livekit/protocol';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Codec } from '../contract/media.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import type { ReceiveCounters } from '../participant-source.ts';
import { MediaReceivers } from '../rtp/media-receivers.ts';
import { type CandidateLink, PeerTransport } from '../rtp/peer-transport.ts';
import type { SenderReport } from '../rtp/sender-report.ts';
import { readSubscriberOffer } from '../rtp/subscriber-offer.ts';
import type { Ticker } from '../rtp/ticker.ts';
import { UnreadableInput } from '../unreadable-input.ts';
import { type ServerMessage, SignalClient } from './signal-client.ts';
import type { TargetTrack } from './target-tracks.ts';

/**
 * `lost`: the connection, or the server asks to connect again. `media-lost`: signalling works, the media path does not.
 * `room-ended`: the room is over or we were removed from it.
 */
export type SessionEnd = 'lost' | 'media-lost' | 'room-ended';

export interface RoomSessionEvents {
  updated(participants: readonly ParticipantInfo[]): void;
  tokenRefreshed(token: string): void;
  mediaConnected(): void;
  ended(end: SessionEnd): void;
  trackStarted(trackSid: string, codec: Codec, clockRate: number, channels: number | undefined): void;
  frame(trackSid: string, frame: EncodedFrame): void;
  senderReport(trackSid: string, report: SenderReport): void;
}

export interface RoomSessionOptions {
  url: string;
  token: string;
  clock: Clock;
  log: Logger;
  ticker: Ticker;
  events: RoomSessionEvents;
  countersOf(trackSid: string): ReceiveCounters;
  /** How long the server may take to let us in. */
  openWithinMs?: number;
  /** Between the peers: for tests of bad paths. */
  link?: CandidateLink;
}

/** ICE and DTLS over a bad path; the browser's own limits are of this size. */
const MEDIA_WITHIN_MS = 15_000;
/** When the server closes the media path, its reason comes by signalling, maybe a little later. */
const REASON_WITHIN_MS = 500;
/** The server waits for an answer before its next offer. */
const MOST_WAITING_OFFERS = 16;
/** Disconnections after which the same token may come back. */
const comesBack = new Set([
  DisconnectReason.SERVER_SHUTDOWN,
  DisconnectReason.STATE_MISMATCH,
  DisconnectReason.MIGRATION,
  DisconnectReason.SIGNAL_CLOSE,
  DisconnectReason.CONNECTION_TIMEOUT,
  DisconnectReason.JOIN_FAILURE,
  DisconnectReason.MEDIA_FAILURE,
]);

export class RoomSession {
  readonly #options: RoomSessionOptions;
  #signal: SignalClient | undefined;
  #transport: PeerTransport | undefined;
  #receivers: MediaReceivers | undefined;
  #mediaTimer: NodeJS.Timeout | undefined;
  /** Offers are answered one after the other; the first is the one in work. */
  readonly #offers: SessionDescription[] = [];
  readonly #subscribed = new Set<string>();
  readonly #unreadable: UnreadableInput;
  /** The server's first messages, which may be there before `run`. */
  readonly #early: ServerMessage[] = [];
  #join: JoinResponse | undefined;
  #running = false;
  /** What ended the session before `run`. */
  #earlyEnd: SessionEnd | undefined;
  /** The end was told, or need not be. */
  #ended = false;
  #closed = false;

  private constructor(options: RoomSessionOptions) {
    this.#options = options;
    this.#unreadable = new UnreadableInput(options.log);
  }

  /**
   * Resolves when the room is joined. Nothing happens and nothing is told before `run`.
   * @throws TaskError
   */
  static async join(options: RoomSessionOptions): Promise<RoomSession> {
    const session = new RoomSession(options);
    const { client, join } = await SignalClient.open({
      ...options,
      events: {
        message: (message) => (session.#running ? session.#handle(message) : session.#early.push(message)),
        closed: () => session.#end('lost'),
      },
    });
    session.#signal = client;
    session.#join = join;
    return session;
  }

  /** All others who were in the room when it was joined. */
  get participants(): readonly ParticipantInfo[] {
    return this.#join?.otherParticipants ?? [];
  }

  run(): void {
    if (this.#running || this.#closed || !this.#join) return;
    this.#start(this.#join);
    this.#running = true;
    for (const message of this.#early.splice(0)) this.#handle(message);
    if (this.#earlyEnd) this.#end(this.#earlyEnd);
  }

  /** Asks for a track, in its highest layer. Once is enough. */
  subscribe(track: TargetTrack): void {
    if (this.#subscribed.has(track.sid)) return;
    this.#subscribed.add(track.sid);
    this.#signal?.send({
      case: 'subscription',
      value: new UpdateSubscription({
        trackSids: [track.sid],
        subscribe: true,
        participantTracks: [new ParticipantTracks({ participantSid: track.participantSid, trackSids: [track.sid] })],
      }),
    });
    if (track.kind === 'audio') return;
    this.#signal?.send({
      case: 'trackSetting',
      value: new UpdateTrackSettings({ trackSids: [track.sid], quality: VideoQuality.HIGH }),
    });
  }

  requestKeyframe(trackSid: string): void {
    this.#receivers?.requestKeyframe(trackSid);
  }

  /** Delivers what is whole of a track that ended. */
  endTrack(trackSid: string): void {
    this.#subscribed.delete(trackSid);
    this.#receivers?.endTrack(trackSid);
  }

  /** Takes no new media; resolves when what is missing of the media until now is repaired or given up. */
  async complete(): Promise<void> {
    await this.#receivers?.complete();
  }

  /** Leaves the room, after what is whole is delivered. */
  close(): void {
    this.#closed = true;
    this.#ended = true;
    clearTimeout(this.#mediaTimer);
    this.#receivers?.close();
    this.#signal?.close();
    this.#transport?.close();
  }

  #end(end: SessionEnd): void {
    if (!this.#running) this.#earlyEnd ??= end;
    if (this.#ended || !this.#running) return;
    this.#ended = true;
    clearTimeout(this.#mediaTimer);
    // Without signalling media may go on for a while: the owner closes us when it has something better.
    this.#options.events.ended(end);
  }

  #start(join: JoinResponse): void {
    const { clock, ticker, events, countersOf } = this.#options;
    const transport = new PeerTransport({
      iceServers: join.iceServers,
      link: this.#options.link,
      relayOnly: join.clientConfiguration?.forceRelay === ClientConfigSetting.ENABLED,
      events: {
        answer: (sdp) => this.#answer(sdp),
        candidate: (candidate, mid) => this.#sendCandidate(candidate, mid),
        packet: (bytes) => this.#guarded(() => this.#receivers?.handlePacket(bytes)),
        stateChanged: (state) => {
          clearTimeout(this.#mediaTimer);
          if (state === 'connected') events.mediaConnected();
          else this.#mediaTimer = setTimeout(() => this.#end('media-lost'), REASON_WITHIN_MS);
        },
      },
    });
    this.#transport = transport;
    this.#receivers = new MediaReceivers({
      clock,
      ticker: { add: (tick) => ticker.add(() => this.#guarded(tick)) },
      fillerTrailer: join.sifTrailer,
      unreadable: this.#unreadable,
      countersOf,
      events: {
        started: events.trackStarted,
        frame: events.frame,
        senderReport: events.senderReport,
        send: (rtcp) => transport.send(rtcp),
      },
    });
    this.#mediaTimer = setTimeout(() => this.#end('media-lost'), MEDIA_WITHIN_MS);
  }

  /** Called by the library or a timer: what is thrown at them ends the process, and every other recording with it. */
  #guarded(handle: () => void): void {
    try {
      handle();
    } catch (error) {
      if (this.#ended) return;
      this.#options.log.error({ err: error }, 'Media cannot be handled; the connection is made anew');
      this.#end('lost');
    }
  }

  #handle(message: ServerMessage): void {
    const { events, log } = this.#options;
    switch (message.case) {
      case 'offer':
        if (this.#offers.push(message.value) === 1) this.#takeOffer();
        if (this.#offers.length > MOST_WAITING_OFFERS) this.#end('lost');
        break;
      case 'trickle':
        if (message.value.target === SignalTarget.SUBSCRIBER) this.#handleCandidate(message.value.candidateInit);
        break;
      case 'update':
        events.updated(message.value.participants);
        break;
      case 'refreshToken':
        events.tokenRefreshed(message.value);
        break;
      case 'leave':
        this.#handleLeave(message.value.action, message.value.reason);
        break;
      case 'subscriptionResponse':
        log.warn(
          { trackSid: message.value.trackSid, reason: SubscriptionError[message.value.err] },
          'LiveKit refused the subscription of a track',
        );
        break;
      case 'subscriptionPermissionUpdate':
        if (!message.value.allowed) {
          log.warn(
            { trackSid: message.value.trackSid },
            'The participant does not allow the recorder to receive a track',
          );
        }
        break;
      default:
        break;
    }
  }

  #handleLeave(action: LeaveRequest_Action, reason: DisconnectReason): void {
    const isOver = action === LeaveRequest_Action.DISCONNECT && !comesBack.has(reason);
    this.#options.log.info({ reason: DisconnectReason[reason], isOver }, 'LiveKit ends the session');
    this.#end(isOver ? 'room-ended' : 'lost');
  }

  #takeOffer(): void {
    const [offer] = this.#offers;
    if (!offer || this.#ended) return;
    try {
      this.#receivers?.handleOffer(readSubscriberOffer(offer.sdp));
      this.#transport?.handleOffer(offer.sdp);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'An offer cannot be answered; the connection is made anew');
      this.#end('lost');
    }
  }

  #answer(sdp: string): void {
    const offer = this.#offers.shift();
    this.#signal?.send({
      case: 'answer',
      value: new SessionDescription({ type: 'answer', sdp, id: offer?.id ?? 0 }),
    });
    this.#takeOffer();
  }

  #sendCandidate(candidate: string, mid: string): void {
    this.#signal?.send({
      case: 'trickle',
      value: new TrickleRequest({
        target: SignalTarget.SUBSCRIBER,
        candidateInit: JSON.stringify({ candidate, sdpMid: mid, sdpMLineIndex: 0 }),
      }),
    });
  }

  #handleCandidate(json: string): void {
    try {
      const { candidate, sdpMid } = JSON.parse(json) as { candidate?: unknown; sdpMid?: unknown };
      if (typeof candidate === 'string') {
        this.#transport?.handleCandidate(candidate, typeof sdpMid === 'string' ? sdpMid : '0');
      }
    } catch (error) {
      this.#unreadable.add('ICE candidate', error);
    }
  }
}
