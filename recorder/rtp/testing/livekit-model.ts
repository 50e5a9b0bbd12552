/**
 * A path and a server in virtual time, for tests of repair: VP8 of 30 frames a second goes through a path that loses, delays
 * and doubles packets to a TrackReceiver, whose requests are answered as LiveKit 1.11 answers them (pkg/sfu: sequencer.go,
 * downtrack.go, buffer_base.go).
 *
 * Every packet is kept account of: one that all the server's answers could not bring is `hopeless`; any other must arrive.
 */
import type { EncodedFrame } from '../../depacketize/encoded-frame.ts';
import { noCounters } from '../../participant-source.ts';
import { readUint16 } from '../parse-rtp.ts';
import type { PayloadFormat } from '../payload-format.ts';
import { TrackReceiver } from '../track-receiver.ts';

export interface ModelOptions {
  /** Decides what is lost. */
  seed?: number;
  /** Of packets and, apart from that, of requests: 0 to 1. */
  loss?: number;
  requestLoss?: number;
  /** Packets lost in a row, on average. */
  burstPackets?: number;
  /** One way. */
  delayMs?: number;
  /** Each packet is late by up to this, and overtaken by others. */
  jitterMs?: number;
  duplication?: number;
  packetsPerFrame?: number;
  /** False: keyframes come when the publisher likes. */
  answersKeyframeRequests?: boolean;
  /** The publisher's own; unset: one at the beginning. */
  keyframeIntervalFrames?: number;
}

const MEDIA = 96;
const RTX = 97;
const formats = new Map<number, PayloadFormat>([
  [MEDIA, { kind: 'media', codec: 'vp8', clockRate: 90_000 }],
  [RTX, { kind: 'rtx', mediaPayloadType: MEDIA }],
]);
const FRAME_MICROS = 33_333;
const TICK_MICROS = 25_000;
/** What the server keeps of a stream, and how often and how soon it answers for a packet. */
const KEPT_PACKETS = 500;
const MOST_ANSWERS = 3;
const IGNORES_MICROS = 100_000;
const PASSES_ON_AGAIN_MICROS = 1_000_000;
const ENCODER_MICROS = 50_000;
const FIRST_SEQUENCE = 65_000;

interface SentPacket {
  bytes: Buffer;
  frame: number;
  /** Of the packet or its newest answer. */
  sentAtMicros: number;
  answers: number;
  arrived: boolean;
}

export class LiveKitModel {
  readonly frames: EncodedFrame[] = [];
  readonly counters = noCounters();
  keyframeRequests = 0;
  packetsDropped = 0;
  requestedPackets = 0;
  readonly receiver: TrackReceiver;
  readonly #options: Required<Omit<ModelOptions, 'keyframeIntervalFrames'>> & ModelOptions;
  readonly #events: { atMicros: number; run: () => void }[] = [];
  readonly #sent: SentPacket[] = [];
  #nowMicros = 0;
  #frame = 0;
  #rtxSequence = 0;
  #random: number;
  #isLosing = false;
  #repairIsOff = false;
  #passedOnAtMicros = Number.NEGATIVE_INFINITY;
  #keyframeDueMicros = 0;

  constructor(options: ModelOptions) {
    this.#options = {
      seed: 1,
      loss: 0,
      requestLoss: 0,
      burstPackets: 1,
      delayMs: 20,
      jitterMs: 0,
      duplication: 0,
      packetsPerFrame: 7,
      answersKeyframeRequests: true,
      ...options,
    };
    this.#random = this.#options.seed;
    this.receiver = new TrackReceiver({
      kind: 'video',
      ssrc: 1,
      senderSsrc: 2,
      formats,
      counters: this.counters,
      fillerTrailer: new Uint8Array(),
      events: {
        started: () => {},
        frame: (frame) => this.frames.push(frame),
        send: (rtcp) => this.#send(rtcp),
      },
    });
  }

  run(seconds: number): void {
    const endMicros = seconds * 1_000_000;
    this.#every(FRAME_MICROS, endMicros, () => this.#sendFrame());
    this.#every(TICK_MICROS, endMicros + 5_000_000, () => this.receiver.tick(this.#nowMicros, this.roundTripMicros));
    for (let event = this.#events.shift(); event; event = this.#events.shift()) {
      this.#nowMicros = event.atMicros;
      event.run();
    }
  }

  get roundTripMicros(): number {
    const { delayMs, jitterMs } = this.#options;
    return (2 * delayMs + jitterMs / 2) * 1000;
  }

  get framesSent(): number {
    return this.#frame;
  }

  get framesDelivered(): number[] {
    return this.frames.map(({ rtpTimestamp }) => rtpTimestamp / 3000);
  }

  /** Before the last one that was delivered. */
  get framesMissing(): number[] {
    const delivered = new Set(this.framesDelivered);
    return Array.from({ length: Math.max(...delivered) }, (_, frame) => frame).filter((frame) => !delivered.has(frame));
  }

  /** Frames with a packet that no answer brought, as often as the server answers. */
  get framesHopeless(): number[] {
    const hopeless = this.#sent.filter(({ arrived, answers }) => !arrived && answers === MOST_ANSWERS);
    return [...new Set(hopeless.map(({ frame }) => frame))];
  }

  #sendFrame(): void {
    const { packetsPerFrame, keyframeIntervalFrames } = this.#options;
    const isOwn = this.#frame === 0 || (keyframeIntervalFrames && this.#frame % keyframeIntervalFrames === 0);
    const isKeyframe = isOwn || this.#nowMicros >= this.#keyframeDueMicros;
    if (isKeyframe) {
      this.#keyframeDueMicros = Number.POSITIVE_INFINITY;
      this.#repairIsOff = false;
    }
    for (let index = 0; index < packetsPerFrame; index += 1) {
      const payload = index > 0 ? [0x00, 1, 2, 3] : isKeyframe ? KEYFRAME : [0x10, 0x11, 0, 0];
      const isLast = index === packetsPerFrame - 1;
      const bytes = rtp(MEDIA, FIRST_SEQUENCE + this.#sent.length, this.#frame * 3000, payload, isLast);
      const sent = { bytes, frame: this.#frame, sentAtMicros: this.#nowMicros, answers: 0, arrived: false };
      this.#sent.push(sent);
      this.#throughPath(sent, bytes);
    }
    this.#frame += 1;
  }

  #throughPath(sent: SentPacket, bytes: Buffer): void {
    if (this.#loses()) {
      this.packetsDropped += 1;
      return;
    }
    const { duplication, delayMs, jitterMs } = this.#options;
    for (let copies = this.#chance() < duplication ? 2 : 1; copies > 0; copies -= 1) {
      this.#after((delayMs + this.#chance() * jitterMs) * 1000, () => {
        sent.arrived = true;
        // The receiver may write into what it gets.
        this.receiver.handleRtp(Buffer.from(bytes), this.#nowMicros, this.roundTripMicros);
      });
    }
  }

  #send(rtcp: Buffer): void {
    const { requestLoss, delayMs, jitterMs } = this.#options;
    if (this.#chance() < requestLoss) return;
    this.#after((delayMs + this.#chance() * jitterMs) * 1000, () => {
      if (rtcp[1] === 206) this.#handleKeyframeRequest();
      else this.#handleNack(rtcp);
    });
  }

  #handleKeyframeRequest(): void {
    this.keyframeRequests += 1;
    this.#repairIsOff = true;
    if (this.#nowMicros - this.#passedOnAtMicros < PASSES_ON_AGAIN_MICROS) return;
    this.#passedOnAtMicros = this.#nowMicros;
    if (this.#options.answersKeyframeRequests) this.#keyframeDueMicros = this.#nowMicros + ENCODER_MICROS;
  }

  #handleNack(rtcp: Buffer): void {
    const ignoresMicros = Math.min(IGNORES_MICROS, 2 * this.roundTripMicros);
    for (const sequenceNumber of nackedNumbers(rtcp)) {
      this.requestedPackets += 1;
      const highest = this.#sent.length - 1;
      const back = (FIRST_SEQUENCE + highest - sequenceNumber) & 0xffff;
      const sent = this.#sent[highest - back];
      if (this.#repairIsOff || !sent || back >= KEPT_PACKETS || sent.answers === MOST_ANSWERS) continue;
      if (this.#nowMicros - sent.sentAtMicros <= ignoresMicros) continue;
      sent.answers += 1;
      sent.sentAtMicros = this.#nowMicros;
      const { bytes, frame } = sent;
      const payload = [bytes[2] ?? 0, bytes[3] ?? 0, ...bytes.subarray(12)];
      this.#rtxSequence += 1;
      const isLast = ((bytes[1] ?? 0) & 0x80) !== 0;
      this.#throughPath(sent, rtp(RTX, this.#rtxSequence, frame * 3000, payload, isLast));
    }
  }

  #loses(): boolean {
    const { loss, burstPackets } = this.#options;
    if (burstPackets <= 1) return this.#chance() < loss;
    const leave = 1 / burstPackets;
    this.#isLosing = this.#chance() < (this.#isLosing ? 1 - leave : (loss * leave) / (1 - loss));
    return this.#isLosing;
  }

  /** The same story every time (Lehmer's generator). */
  #chance(): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }

  #every(intervalMicros: number, endMicros: number, run: () => void): void {
    const again = () => {
      run();
      if (this.#nowMicros + intervalMicros < endMicros) this.#after(intervalMicros, again);
    };
    this.#after(0, again);
  }

  #after(micros: number, run: () => void): void {
    const atMicros = this.#nowMicros + micros;
    // Few are waiting, and most come last.
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.atMicros ?? 0) > atMicros) place -= 1;
    this.#events.splice(place, 0, { atMicros, run });
  }
}

const KEYFRAME = [0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, 7];

function rtp(type: number, sequence: number, timestamp: number, payload: readonly number[], marker: boolean): Buffer {
  const bytes = Buffer.alloc(12 + payload.length);
  bytes[0] = 0x80;
  bytes[1] = type | (marker ? 0x80 : 0);
  bytes.writeUInt16BE(sequence & 0xffff, 2);
  bytes.writeUInt32BE(timestamp >>> 0, 4);
  bytes.writeUInt32BE(1, 8);
  bytes.set(payload, 12);
  return bytes;
}

function nackedNumbers(rtcp: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let at = 12; at + 4 <= rtcp.length; at += 4) {
    const first = readUint16(rtcp, at);
    const following = readUint16(rtcp, at + 2);
    numbers.push(first);
    for (let bit = 0; bit < 16; bit += 1) if (following & (1 << bit)) numbers.push((first + bit + 1) & 0xffff);
  }
  return numbers;
}
