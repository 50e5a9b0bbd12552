/**
 * A participant who only publishes: LiveKit's signalling (version 0) and one peer connection. A track is announced
 * (AddTrackRequest), then offered under the id it was announced with.
 */
import {
  AddTrackRequest,
  AudioTrackFeature,
  MuteTrackRequest,
  SessionDescription,
  TrackSource as SignalledSource,
  SignalTarget,
  SimulcastCodec,
  type TrackInfo,
  TrackType,
  TrickleRequest,
  VideoLayer,
  VideoQuality,
} from '@livekit/protocol';
import { type Logger, pino } from 'pino';
import { type Clock, systemClock } from '../../../recorder/clock.ts';
import type { TrackSource } from '../../../recorder/contract/media.ts';
import { type ServerMessage, SignalClient } from '../../../recorder/signalling/signal-client.ts';
import type { Clip } from '../clip/clip.ts';
import type { OfferedMedia } from './offered-media.ts';
import { PublisherTransport } from './publisher-transport.ts';

export interface PublisherSessionOptions {
  url: string;
  /** May join one room and publish. Without the right to subscribe: this connection is the only one then. */
  token: string;
  clock?: Clock;
  log?: Logger;
  onRtcp(bytes: Buffer): void;
  /** The server ended it. */
  onClosed?(reason: string): void;
}

export interface AnnouncedTrack {
  cid: string;
  source: TrackSource;
  /** Lowest layer first. */
  clips: readonly Clip[];
  muted: boolean;
  red: boolean;
  dtx: boolean;
}

const ANNOUNCE_WITHIN_MS = 10_000;

const signalledSources: Record<TrackSource, SignalledSource> = {
  camera: SignalledSource.CAMERA,
  microphone: SignalledSource.MICROPHONE,
  screen_share: SignalledSource.SCREEN_SHARE,
  screen_share_audio: SignalledSource.SCREEN_SHARE_AUDIO,
};

export class PublisherSession {
  readonly #options: PublisherSessionOptions;
  readonly #announced = new Map<string, (info: TrackInfo) => void>();
  readonly #early: ServerMessage[] = [];
  #signal: SignalClient | undefined;
  #transport: PublisherTransport | undefined;
  #closed = false;

  private constructor(options: PublisherSessionOptions) {
    this.#options = options;
  }

  static async join(options: PublisherSessionOptions): Promise<PublisherSession> {
    const session = new PublisherSession(options);
    const { client, join } = await SignalClient.open({
      url: options.url,
      token: options.token,
      clock: options.clock ?? systemClock,
      log: options.log ?? pino({ level: 'silent' }),
      events: {
        message: (message) => (session.#transport ? session.#handle(message) : session.#early.push(message)),
        closed: () => session.#end('the signalling connection was lost'),
      },
    });
    if (join.subscriberPrimary) {
      client.close();
      throw new Error('The token of a scripted publisher must have canSubscribe: false.');
    }
    session.#signal = client;
    session.#transport = new PublisherTransport({
      sendOffer: (sdp) => client.send({ case: 'offer', value: new SessionDescription({ type: 'offer', sdp }) }),
      sendCandidate: (candidate, mid) =>
        client.send({
          case: 'trickle',
          value: new TrickleRequest({
            target: SignalTarget.PUBLISHER,
            candidateInit: JSON.stringify({ candidate, sdpMid: mid, sdpMLineIndex: 0 }),
          }),
        }),
      onRtcp: options.onRtcp,
    });
    for (const message of session.#early.splice(0)) session.#handle(message);
    return session;
  }

  /** Resolves with what the server made of it, its sid before all. */
  announce(track: AnnouncedTrack): Promise<TrackInfo> {
    const [top] = track.clips.slice(-1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`LiveKit did not take a ${top?.codec} track in time.`)),
        ANNOUNCE_WITHIN_MS,
      );
      this.#announced.set(track.cid, (info) => {
        clearTimeout(timer);
        resolve(info);
      });
      this.#signal?.send({ case: 'addTrack', value: addTrackRequest(track) });
    });
  }

  offer(added: readonly OfferedMedia[], removed: readonly string[] = []): Promise<void> {
    return this.#transportOrThrow().offer(added, removed);
  }

  setMuted(sid: string, muted: boolean): void {
    this.#signal?.send({ case: 'mute', value: new MuteTrackRequest({ sid, muted }) });
  }

  send(mid: string, packet: Buffer): void {
    this.#transport?.send(mid, packet);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#signal?.close();
    this.#transport?.close();
  }

  #transportOrThrow(): PublisherTransport {
    if (!this.#transport || this.#closed) throw new Error('The publisher has left the room.');
    return this.#transport;
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#options.onClosed?.(reason);
  }

  #handle(message: ServerMessage): void {
    switch (message.case) {
      case 'trackPublished':
        if (message.value.track) this.#announced.get(message.value.cid)?.(message.value.track);
        this.#announced.delete(message.value.cid);
        break;
      case 'answer':
        this.#transport?.handleAnswer(message.value.sdp);
        break;
      case 'trickle':
        if (message.value.target === SignalTarget.PUBLISHER) this.#handleCandidate(message.value.candidateInit);
        break;
      case 'leave':
        this.#end(`LiveKit ended the session, reason ${message.value.reason}`);
        break;
      default:
        break;
    }
  }

  #handleCandidate(json: string): void {
    const { candidate, sdpMid } = JSON.parse(json) as { candidate?: string; sdpMid?: string };
    this.#transport?.handleCandidate(candidate ?? '', sdpMid ?? '0');
  }
}

const qualities = { 1: [VideoQuality.HIGH], 2: [VideoQuality.LOW, VideoQuality.HIGH] } as const;
const threeQualities = [VideoQuality.LOW, VideoQuality.MEDIUM, VideoQuality.HIGH] as const;

function addTrackRequest(track: AnnouncedTrack): AddTrackRequest {
  const { cid, clips } = track;
  const top = clips.at(-1);
  if (!top) throw new Error('A track has at least one layer.');
  const isVideo = top.kind === 'video';
  const chosen = clips.length === 1 || clips.length === 2 ? qualities[clips.length] : threeQualities;
  const layers = isVideo
    ? clips.map(
        ({ width, height, bitrateBps }, index) =>
          new VideoLayer({ quality: chosen[index], width, height, bitrate: bitrateBps }),
      )
    : [];
  return new AddTrackRequest({
    cid,
    name: track.source,
    type: isVideo ? TrackType.VIDEO : TrackType.AUDIO,
    source: signalledSources[track.source],
    width: top.width,
    height: top.height,
    muted: track.muted,
    disableRed: !track.red,
    layers,
    // Not for sound: naming Opus would make the server prefer it to RED.
    simulcastCodecs: isVideo ? [new SimulcastCodec({ codec: top.codec, cid, layers })] : [],
    audioFeatures: isVideo
      ? []
      : [
          ...(track.dtx ? [] : [AudioTrackFeature.TF_NO_DTX]),
          ...(top.channels === 2 ? [AudioTrackFeature.TF_STEREO] : []),
        ],
  });
}
