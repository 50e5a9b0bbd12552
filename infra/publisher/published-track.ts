/**
 * A track of a scripted publisher: clips played in a circle by the publisher's clock, one per simulcast layer, and what a
 * script does to it.
 *
 * A frame's timestamp is the moment it is due, whatever the machine does meanwhile. Every frame that is sent is listed in
 * `sent`, for comparison with what was recorded.
 */
import type { TrackSource } from '../../recorder/contract/media.ts';
import { type Clip, type ClipFrame, nextKeyframeIndex } from './clip/clip.ts';
import type { Paced } from './pacer.ts';
import type { PublisherClock } from './publisher-clock.ts';
import type { RtpStream } from './rtp/rtp-stream.ts';

export interface SentFrame {
  /** Of the publisher's clock. */
  atMicros: number;
  rtpTimestamp: number;
  /** Which frame of which clip; for clips with numbered pictures the number. Not set for made-up packets. */
  clip: Clip;
  index: number | undefined;
  isKeyframe: boolean;
  sizeBytes: number;
}

export interface PublishedTrackOptions {
  sid: string;
  mid: string;
  source: TrackSource;
  clock: PublisherClock;
  /** Lowest layer first; all with the same number of frames a second. */
  layers: readonly { stream: RtpStream; clip: Clip }[];
  /** False: a keyframe comes when the clip has one, and not before. */
  answersKeyframeRequests: boolean;
  /** Tells the server. */
  signalMuted(muted: boolean): void;
}

interface Layer {
  stream: RtpStream;
  clip: Clip;
  index: number;
  wantsKeyframe: boolean;
  lastKeyframeMicros: number;
}

/** 2,000 packets a second and stream: 19 Mbps, and no burst that fills the buffer of a socket. */
const MOST_PACKETS_PER_STEP = 10;
const REPORT_INTERVAL_MICROS = 1_000_000;
const FIRST_REPORT_MICROS = 100_000;
/** Encoders make no two keyframes within this time, whoever asks. */
const KEYFRAME_PAUSE_MICROS = 300_000;
/** An Opus packet of one byte: stereo, 20 ms, nothing in it. DTX sends one every 400 ms. */
const DTX_FRAME: ClipFrame = { units: [Uint8Array.of(0xfc)], isKeyframe: true, temporalLayer: 0 };
const DTX_INTERVAL_MICROS = 400_000;

export class PublishedTrack implements Paced {
  readonly sid: string;
  readonly mid: string;
  readonly source: TrackSource;
  /** Of the highest layer. */
  readonly sent: SentFrame[] = [];
  keyframeRequests = 0;
  readonly #options: PublishedTrackOptions;
  readonly #layers: Layer[];
  #startMicros = Number.POSITIVE_INFINITY;
  /** Frames since the start, sent or not. */
  #count = 0;
  #nextReportMicros = Number.POSITIVE_INFINITY;
  #silentUntilMicros = 0;
  #dtxUntilMicros = 0;
  #nextDtxMicros = 0;
  #muted = false;
  #ended = false;

  constructor(options: PublishedTrackOptions) {
    this.#options = options;
    this.sid = options.sid;
    this.mid = options.mid;
    this.source = options.source;
    this.#layers = options.layers.map((layer) => ({
      ...layer,
      index: 0,
      wantsKeyframe: false,
      lastKeyframeMicros: Number.NEGATIVE_INFINITY,
    }));
  }

  /** Of simulcast. */
  get layerCount(): number {
    return this.#layers.length;
  }

  get packetsSent(): number {
    return this.#layers.reduce((sum, { stream }) => sum + stream.packetsSent, 0);
  }

  get packetsRetransmitted(): number {
    return this.#layers.reduce((sum, { stream }) => sum + stream.packetsRetransmitted, 0);
  }

  /** The first frame is due at this moment of the publisher's clock. */
  start(atMicros: number): void {
    this.#startMicros = atMicros;
    this.#nextReportMicros = atMicros + FIRST_REPORT_MICROS;
  }

  end(): void {
    this.#ended = true;
  }

  step(): void {
    if (this.#ended) return;
    const nowMicros = this.#options.clock.micros();
    for (let dueMicros = this.#dueMicros(); dueMicros <= nowMicros; dueMicros = this.#dueMicros()) {
      this.#playFrame(dueMicros);
      this.#count += 1;
    }
    for (const { stream } of this.#layers) stream.flush(MOST_PACKETS_PER_STEP);
    if (nowMicros >= this.#nextReportMicros) {
      this.#nextReportMicros = nowMicros + REPORT_INTERVAL_MICROS;
      const ntpMicros = this.#options.clock.ntpMicrosAt(nowMicros);
      for (const { stream } of this.#layers) stream.sendReport(nowMicros, ntpMicros);
    }
  }

  /** Asked by the server, for one layer. */
  handleKeyframeWanted(ssrc: number): void {
    this.keyframeRequests += 1;
    const layer = this.#layers.find(({ stream }) => stream.ssrc === ssrc);
    if (layer && this.#options.answersKeyframeRequests) layer.wantsKeyframe = true;
  }

  handlePacketsMissing(ssrc: number, sequenceNumbers: readonly number[]): void {
    this.#layers.find(({ stream }) => stream.ssrc === ssrc)?.stream.retransmit(sequenceNumbers);
  }

  /** Nothing is sent while muted; then it goes on with a keyframe. */
  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#options.signalMuted(muted);
    if (!muted) this.#beginAnew();
  }

  /** Nothing is sent for this long; timestamps go on with the clock. Then it goes on with a keyframe. */
  silence(ms: number): void {
    this.#silentUntilMicros = this.#options.clock.micros() + ms * 1000;
    this.#beginAnew();
  }

  /** As `silence`, with what an Opus encoder sends while nobody speaks. */
  discontinue(ms: number): void {
    this.#nextDtxMicros = this.#options.clock.micros();
    this.#dtxUntilMicros = this.#nextDtxMicros + ms * 1000;
  }

  /** From the next frame on timestamps are this much further, while frames go on without a pause. May be negative. */
  leapTimestamps(ms: number): void {
    for (const { stream } of this.#layers) stream.leap(ms * 1000);
  }

  /** Other pictures of the same codec and frame rate, at once and from their first frame: another size, for one. */
  changeClips(clips: readonly Clip[]): void {
    this.#layers.forEach((layer, index) => {
      const clip = clips[index];
      if (!clip || clip.codec !== layer.clip.codec || clip.frameTicks !== layer.clip.frameTicks) {
        throw new Error('A clip can be followed only by one of the same codec and frame rate.');
      }
      layer.clip = clip;
      layer.index = 0;
      layer.stream.changeClip(clip);
    });
  }

  /** The next frame is a keyframe: what follows in the clip refers to pictures that nobody got. */
  #beginAnew(): void {
    for (const layer of this.#layers) {
      layer.wantsKeyframe = true;
      layer.lastKeyframeMicros = Number.NEGATIVE_INFINITY;
    }
  }

  #dueMicros(): number {
    const [layer] = this.#layers;
    if (!layer) return Number.POSITIVE_INFINITY;
    return this.#startMicros + (this.#count * layer.clip.frameTicks * 1_000_000) / layer.clip.clockRate;
  }

  #playFrame(atMicros: number): void {
    const isQuiet = this.#muted || atMicros < this.#silentUntilMicros;
    const isDiscontinued = !isQuiet && atMicros < this.#dtxUntilMicros;
    for (const layer of this.#layers) {
      const isTop = layer === this.#layers.at(-1);
      if (isQuiet) {
        this.#advance(layer);
      } else if (isDiscontinued) {
        this.#advance(layer);
        if (atMicros >= this.#nextDtxMicros) this.#queue(layer, DTX_FRAME, undefined, atMicros, isTop);
      } else {
        this.#chooseKeyframe(layer, atMicros);
        const frame = layer.clip.frames[layer.index];
        if (frame) this.#queue(layer, frame, layer.index, atMicros, isTop);
        this.#advance(layer);
      }
    }
    if (isDiscontinued && atMicros >= this.#nextDtxMicros) this.#nextDtxMicros += DTX_INTERVAL_MICROS;
  }

  #chooseKeyframe(layer: Layer, atMicros: number): void {
    if (!layer.wantsKeyframe || atMicros - layer.lastKeyframeMicros < KEYFRAME_PAUSE_MICROS) return;
    layer.index = nextKeyframeIndex(layer.clip, layer.index);
  }

  #queue(layer: Layer, frame: ClipFrame, index: number | undefined, atMicros: number, isTop: boolean): void {
    const rtpTimestamp = layer.stream.queueFrame(frame, atMicros);
    if (frame.isKeyframe) {
      layer.wantsKeyframe = false;
      layer.lastKeyframeMicros = atMicros;
    }
    if (!isTop) return;
    let sizeBytes = 0;
    for (const unit of frame.units) sizeBytes += unit.length;
    this.sent.push({ atMicros, rtpTimestamp, clip: layer.clip, index, isKeyframe: frame.isKeyframe, sizeBytes });
  }

  /** What is shown goes on while nothing is sent: numbers and flashes stay with the clock. */
  #advance(layer: Layer): void {
    layer.index = (layer.index + 1) % layer.clip.frames.length;
  }
}
