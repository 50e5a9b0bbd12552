/**
 * A participant that publishes media encoded beforehand to a real LiveKit server, at almost no cost, and does whatever a
 * test needs: all codecs, gaps and leaps, other sizes and codecs, mutes, late tracks, redundant or discontinuous sound.
 *
 * What it cannot do: another SSRC within a track. LiveKit 1.11 takes the new offer and then closes the track; publish again.
 *
 * Tracks published in one call start at the same moment of the publisher's clock, so that numbered pictures and beeps stay
 * together.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '../../recorder/clock.ts';
import type { TrackSource } from '../../recorder/contract/media.ts';
import type { Clip } from './clip/clip.ts';
import { type Pacer, processPacer } from './pacer.ts';
import { extensionIds, type OfferedMedia } from './peer/offered-media.ts';
import { RED_PAYLOAD_TYPE, sdpFormats } from './peer/payload-types.ts';
import { PublisherSession } from './peer/publisher-session.ts';
import { PublishedTrack } from './published-track.ts';
import { PublisherClock } from './publisher-clock.ts';
import { readFeedback } from './rtp/read-feedback.ts';
import { RtpStream } from './rtp/rtp-stream.ts';

export interface ScriptedPublisherOptions {
  url: string;
  /** May join one room and publish, not subscribe. */
  token: string;
  clock?: Clock;
  pacer?: Pacer;
  /** Of the publisher's wall clock against ours. */
  clockOffsetMs?: number;
  clockDriftPpm?: number;
  /** True: the packet does not reach the server, who asks for it again. Not asked about retransmissions. */
  loses?: (packet: Buffer) => boolean;
}

export interface TrackPlan {
  source: TrackSource;
  /** One clip; or two or three of the same picture for simulcast, lowest first. */
  clips: readonly [Clip, ...Clip[]];
  /** Default true. */
  answersKeyframeRequests?: boolean;
  /** Retransmissions as a stream of their own. Default: under the same SSRC, which every server takes. */
  rtx?: boolean;
  /** Audio only: each packet repeats the one before. Default false. */
  red?: boolean;
  /** Audio only: announces that the encoder may fall silent. Default false. */
  dtx?: boolean;
  /** Nothing is sent until it is unmuted. */
  muted?: boolean;
}

const rids = { 1: [undefined], 2: ['q', 'h'], 3: ['q', 'h', 'f'] } as const;
/** The last frames are on their way when this is over. */
const LINGER_MS = 50;

export class ScriptedPublisher {
  readonly clock: PublisherClock;
  readonly #loses: ((packet: Buffer) => boolean) | undefined;
  readonly #session: PublisherSession;
  readonly #pacer: Pacer;
  readonly #tracks = new Map<PublishedTrack, OfferedMedia>();
  readonly #bySsrc: Map<number, PublishedTrack>;
  readonly #cname = randomUUID().slice(0, 16);
  #mids = 0;

  private constructor(
    options: ScriptedPublisherOptions,
    session: PublisherSession,
    bySsrc: Map<number, PublishedTrack>,
  ) {
    this.#session = session;
    this.#bySsrc = bySsrc;
    this.#pacer = options.pacer ?? processPacer;
    this.#loses = options.loses;
    this.clock = new PublisherClock({
      clock: options.clock ?? systemClock,
      offsetMs: options.clockOffsetMs,
      driftPpm: options.clockDriftPpm,
    });
  }

  static async join(options: ScriptedPublisherOptions): Promise<ScriptedPublisher> {
    const bySsrc = new Map<number, PublishedTrack>();
    const session = await PublisherSession.join({
      url: options.url,
      token: options.token,
      clock: options.clock,
      onRtcp: (bytes) =>
        readFeedback(bytes, {
          packetsMissing: (ssrc, sequenceNumbers) => bySsrc.get(ssrc)?.handlePacketsMissing(ssrc, sequenceNumbers),
          keyframeWanted: (ssrc) => bySsrc.get(ssrc)?.handleKeyframeWanted(ssrc),
        }),
    });
    return new ScriptedPublisher(options, session, bySsrc);
  }

  /** Resolves when the first frames are due. */
  async publish(...plans: TrackPlan[]): Promise<PublishedTrack[]> {
    const medias = plans.map((plan) => this.#offeredMedia(plan));
    const infos = await Promise.all(
      plans.map(({ source, clips, muted = false, red = false, dtx = false }, index) =>
        this.#session.announce({ cid: medias[index]?.trackId ?? '', source, clips, muted, red, dtx }),
      ),
    );
    await this.#session.offer(medias);
    const tracks = plans.flatMap((plan, index) => {
      const media = medias[index];
      return media ? [this.#createTrack(plan, media, infos[index]?.sid ?? '')] : [];
    });
    const nowMicros = this.clock.micros();
    for (const track of tracks) {
      track.start(nowMicros);
      this.#pacer.add(track);
    }
    return tracks;
  }

  async unpublish(...tracks: PublishedTrack[]): Promise<void> {
    for (const track of tracks) this.#forget(track);
    await this.#session.offer(
      [],
      tracks.map(({ mid }) => mid),
    );
  }

  async leave(): Promise<void> {
    for (const track of [...this.#tracks.keys()]) this.#forget(track);
    await delay(LINGER_MS);
    this.#session.close();
  }

  #offeredMedia({ clips, rtx = false, red = false }: TrackPlan): OfferedMedia {
    const [first] = clips;
    const names = clips.length === 1 || clips.length === 2 ? rids[clips.length] : rids[3];
    const trackId = randomUUID();
    this.#mids += 1;
    return {
      mid: String(this.#mids - 1),
      kind: first.kind,
      encoder: first.encoder,
      layers: clips.map((_, index) => ({ ssrc: randomSsrc(), rid: names[index] })),
      rtxSsrc: rtx && clips.length === 1 ? randomSsrc() : undefined,
      red,
      cname: this.#cname,
      streamId: `stream-${trackId.slice(0, 8)}`,
      trackId,
    };
  }

  #createTrack(plan: TrackPlan, media: OfferedMedia, sid: string): PublishedTrack {
    const { payloadType, rtxPayloadType } = sdpFormats[media.encoder];
    const { rtxSsrc, mid } = media;
    const layers = plan.clips.map((clip, index) => {
      const { ssrc = 0, rid } = media.layers[index] ?? {};
      const stream = new RtpStream({
        ssrc,
        payloadType,
        clip,
        cname: media.cname,
        identification:
          rid === undefined
            ? []
            : [
                { id: extensionIds.mid, value: Buffer.from(mid) },
                { id: extensionIds.rid, value: Buffer.from(rid) },
              ],
        dependencyDescriptorId: extensionIds.dependencyDescriptor,
        red: media.red ? { payloadType: RED_PAYLOAD_TYPE } : undefined,
        rtx: rtxSsrc !== undefined && rtxPayloadType ? { payloadType: rtxPayloadType, ssrc: rtxSsrc } : undefined,
        loses: this.#loses,
        send: (packet) => this.#session.send(mid, packet),
      });
      return { stream, clip };
    });
    const track = new PublishedTrack({
      sid,
      mid,
      source: plan.source,
      clock: this.clock,
      layers,
      answersKeyframeRequests: plan.answersKeyframeRequests ?? true,
      signalMuted: (muted) => this.#session.setMuted(sid, muted),
    });
    if (plan.muted) track.setMuted(true);
    this.#tracks.set(track, media);
    for (const { ssrc } of media.layers) this.#bySsrc.set(ssrc, track);
    return track;
  }

  #forget(track: PublishedTrack): void {
    track.end();
    this.#pacer.remove(track);
    for (const { ssrc } of this.#tracks.get(track)?.layers ?? []) this.#bySsrc.delete(ssrc);
    this.#tracks.delete(track);
  }
}

function randomSsrc(): number {
  return randomInt(1, 2 ** 32 - 1);
}
