/**
 * One RTP stream: packets as they come from the path → whole frames in order.
 *
 *   unwrap RTX, unpack RED → jitter buffer (NACK) → filler check → depacketizer → frame
 *
 * Dropped and counted in `framesDropped`: what the depacketizers drop; `server-filler`: packets that end with the
 * server's trailer; `unknown-payload`: payload types that were not offered; `malformed`: no RTP; `late-or-duplicate`: had
 * already, or given up. Packets given up are `packetsLost`, ones that came back by RTX or RED `packetsRepaired`. After a
 * loss in a picture the publisher is asked for a keyframe.
 */
import type { Codec } from '../contract/media.ts';
import { receivableCodecs } from '../depacketize/codecs.ts';
import type { Depacketizer, DepacketizerOutput } from '../depacketize/depacketizer.ts';
import type { EncodedFrame } from '../depacketize/encoded-frame.ts';
import type { ReceiveCounters } from '../participant-source.ts';
import { buildNack, buildPictureLossIndication, MOST_NACK_ENTRIES, type ReportBlock } from './build-rtcp.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { KeyframeRequester } from './keyframe-requester.ts';
import { parseRed } from './parse-red.ts';
import type { RtcpSenderReport } from './parse-rtcp.ts';
import { parseRtp } from './parse-rtp.ts';
import type { PayloadFormat, PayloadFormats } from './payload-format.ts';
import { ReceptionStatistics } from './reception-statistics.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { unwrapRtx } from './unwrap-rtx.ts';

type MediaFormat = Extract<PayloadFormat, { kind: 'media' }>;

/** Packets of the repair deadline: 4000 a second are 40 Mbps of video; audio has 50 to 100. */
const VIDEO_CAPACITY = 4096;
const AUDIO_CAPACITY = 256;
/** Ticks come every 25 ms. After a longer pause the process stood still: packets and answers wait unread, or were not asked for. */
const STOOD_STILL_MICROS = 250_000;
const READING_UP_MICROS = 300_000;
/** A track that sends nothing has no keyframe to give. */
const SILENT_AFTER_MICROS = 1_000_000;

export interface TrackReceiverEvents {
  /** The first packet of a codec is in its place; its frames follow. */
  started(codec: Codec, clockRate: number, channels: number | undefined): void;
  frame(frame: EncodedFrame): void;
  /** RTCP for the sender. */
  send(rtcp: Buffer): void;
}

export interface TrackReceiverOptions {
  kind: 'video' | 'audio';
  ssrc: number;
  /** SSRC of reports and requests we send. */
  senderSsrc: number;
  formats: PayloadFormats;
  dependencyDescriptorId?: number;
  counters: ReceiveCounters;
  events: TrackReceiverEvents;
  /** Ends the payloads that the server makes up; empty: unknown. */
  fillerTrailer: Uint8Array;
}

export class TrackReceiver {
  readonly #options: TrackReceiverOptions;
  readonly #statistics: ReceptionStatistics;
  readonly #jitterBuffer: JitterBuffer;
  #keyframes: KeyframeRequester | undefined;
  readonly #depacketizerOutput: DepacketizerOutput;
  readonly #hasRtx: boolean;
  #format: MediaFormat | undefined;
  #depacketizer: Depacketizer | undefined;
  #sawFrame = false;
  /** Of the frame that is being put together. */
  #hasRepairedPacket = false;
  #nowMicros = 0;
  #lastPacketMicros = Number.NEGATIVE_INFINITY;
  #tickedAtMicros: number | undefined;
  #patientUntilMicros = 0;
  #lastSenderReport: RtcpSenderReport | undefined;

  constructor(options: TrackReceiverOptions) {
    this.#options = options;
    const { kind, ssrc, senderSsrc, counters, events } = options;
    this.#hasRtx = [...options.formats.values()].some((format) => format.kind === 'rtx');
    this.#statistics = new ReceptionStatistics(ssrc);
    this.#keyframes =
      kind === 'video'
        ? new KeyframeRequester(() => events.send(buildPictureLossIndication(senderSsrc, ssrc)))
        : undefined;
    this.#jitterBuffer = new JitterBuffer({
      capacity: kind === 'video' ? VIDEO_CAPACITY : AUDIO_CAPACITY,
      isBeginning: kind === 'video' ? (packet) => this.#canBeginAt(packet) : undefined,
      output: {
        packet: (packet, afterGap) => this.#handleOrdered(packet, afterGap),
        lost: (count) => {
          counters.packetsLost += count;
          this.#keyframes?.frameLost(this.#nowMicros);
        },
      },
    });
    this.#depacketizerOutput = {
      frame: (frame) => {
        if (frame.isKeyframe) this.#keyframes?.keyframe(frame.receivedAtMicros);
        else if (!this.#sawFrame) this.#keyframes?.cannotBegin(this.#nowMicros);
        else if (frame.afterLoss) this.#keyframes?.frameLost(this.#nowMicros);
        this.#sawFrame = true;
        if (this.#hasRepairedPacket) counters.framesRepaired = (counters.framesRepaired ?? 0) + 1;
        this.#hasRepairedPacket = false;
        events.frame(frame);
      },
      dropped: (reason) => {
        this.#countDrop(reason);
        this.#hasRepairedPacket = false;
        if (reason === 'incomplete' || reason === 'malformed') this.#keyframes?.frameLost(this.#nowMicros);
      },
    };
  }

  handleRtp(bytes: Uint8Array, nowMicros: number, roundTripMicros: number | undefined): void {
    this.#nowMicros = nowMicros;
    const received = parseRtp(bytes, nowMicros);
    const format = received && this.#options.formats.get(received.payloadType);
    if (!format) {
      this.#countDrop(received ? 'unknown-payload' : 'malformed');
      return;
    }
    this.#noteQuiet(nowMicros);
    this.#lastPacketMicros = nowMicros;
    switch (format.kind) {
      case 'rtx': {
        const packet = unwrapRtx(received, this.#options.ssrc, format.mediaPayloadType);
        if (packet) this.#insert(packet, 'repair');
        break;
      }
      case 'red':
        this.#statistics.packet(received, 48_000);
        this.#insertRed(received);
        break;
      case 'media':
        this.#statistics.packet(received, format.clockRate);
        // Without an RTX stream the server sends a lost packet again as it was.
        this.#insert(received, 'original');
        break;
    }
    this.#repair(nowMicros, roundTripMicros);
  }

  /** False: it was handled before. Compound packets come once for every track they speak of. */
  handleSenderReport(report: RtcpSenderReport): boolean {
    if (this.#lastSenderReport?.ntpMicros === report.ntpMicros) return false;
    this.#lastSenderReport = report;
    this.#statistics.senderReport(report);
    return true;
  }

  tick(nowMicros: number, roundTripMicros: number | undefined): void {
    this.#nowMicros = nowMicros;
    const beforeMicros = this.#tickedAtMicros ?? nowMicros;
    // Not twice in a row: a process that always stands still gives up too.
    if (nowMicros - beforeMicros > STOOD_STILL_MICROS && beforeMicros >= this.#patientUntilMicros) {
      this.#patientUntilMicros = nowMicros + READING_UP_MICROS;
    }
    this.#tickedAtMicros = nowMicros;
    if (nowMicros >= this.#patientUntilMicros) {
      // Sound that is much later is taken for silence (segment/continuous-sound.ts): it gets no more time on a long path.
      this.#jitterBuffer.tick(nowMicros, this.#options.kind === 'video' ? roundTripMicros : 0);
    }
    this.#repair(nowMicros, roundTripMicros);
    if (nowMicros - this.#lastPacketMicros < SILENT_AFTER_MICROS) {
      this.#keyframes?.tick(nowMicros, this.#jitterBuffer.missing.size > 0);
    }
  }

  /** What comes cannot be recorded before a keyframe. */
  requestKeyframe(nowMicros: number): void {
    this.#keyframes?.cannotBegin(nowMicros);
  }

  /** Undefined before the first packet. */
  report(nowMicros: number): ReportBlock | undefined {
    if (!this.#statistics.hasPackets) return undefined;
    this.#options.counters.jitterMs = this.#statistics.jitterMs;
    this.#noteQuiet(nowMicros);
    return this.#statistics.report(nowMicros);
  }

  /** From now on only what is missing is taken. */
  end(): void {
    this.#jitterBuffer.end();
    // A request would end the repair, and its keyframe comes too late.
    this.#keyframes = undefined;
  }

  /** Nothing waits for a packet that is missing. */
  get isWhole(): boolean {
    return this.#jitterBuffer.isWhole;
  }

  /** Delivers what is whole; nothing more will come. */
  close(): void {
    this.#jitterBuffer.flush();
  }

  #repair(nowMicros: number, roundTripMicros: number | undefined): void {
    const { missing } = this.#jitterBuffer;
    if (missing.size === 0) return;
    const due = missing.takeDue(nowMicros, roundTripMicros, MOST_NACK_ENTRIES);
    if (due.length > 0) this.#options.events.send(buildNack(this.#options.senderSsrc, this.#options.ssrc, due));
  }

  #insert(packet: RtpPacket, from: 'original' | 'repair'): void {
    if (from === 'repair') packet.isRepaired = true;
    // Without an RTX stream nobody can tell what was asked for from what was slow.
    const isOriginal = from === 'original' && this.#hasRtx;
    const insertion = this.#jitterBuffer.insert(packet, isOriginal);
    if (insertion === 'refused') {
      this.#countDrop('late-or-duplicate');
      return;
    }
    const { counters } = this.#options;
    counters.packetsReceived += 1;
    if (from === 'repair' || (insertion === 'repaired' && !isOriginal)) counters.packetsRepaired += 1;
    const keyframes = this.#keyframes;
    if (keyframes && (keyframes.isWaiting || !this.#sawFrame) && this.#isKeyframeStart(packet)) {
      // Until now the server answered nothing.
      if (keyframes.isWaiting) this.#jitterBuffer.missing.askAgain(this.#nowMicros);
      keyframes.keyframeBegins(this.#nowMicros);
    }
  }

  /**
   * The redundant blocks of a packet are the ones right before it. The numbers count packets, so a block's place is
   * known by its distance from the primary.
   */
  #insertRed(packet: RtpPacket): void {
    const blocks = parseRed(packet.payload);
    const primary = blocks?.at(-1);
    if (!blocks || !primary) {
      // Padding, or broken: its place in the order is still taken.
      this.#insert({ ...packet, payload: packet.payload.subarray(0, 0) }, 'original');
      return;
    }
    for (let age = blocks.length - 1; age > 0; age -= 1) {
      const block = blocks[blocks.length - 1 - age];
      const sequenceNumber = (packet.sequenceNumber - age) & 0xffff;
      // An empty block is a packet that had nothing to repeat.
      if (!block || block.payload.length === 0 || !this.#jitterBuffer.wants(sequenceNumber)) continue;
      this.#insert(
        {
          ...packet,
          sequenceNumber,
          payloadType: block.payloadType,
          timestamp: (packet.timestamp - block.timestampOffset) >>> 0,
          marker: false,
          payload: block.payload,
        },
        'repair',
      );
    }
    packet.payloadType = primary.payloadType;
    packet.payload = primary.payload;
    this.#insert(packet, 'original');
  }

  #handleOrdered(packet: RtpPacket, afterGap: boolean): void {
    if (packet.payload.length > 0 && endsWith(packet.payload, this.#options.fillerTrailer)) {
      this.#countDrop('server-filler');
      this.#depacketizer?.abandonFrame();
      return;
    }
    const format = this.#options.formats.get(packet.payloadType);
    if (format?.kind === 'media' && packet.payload.length > 0 && format.codec !== this.#format?.codec) {
      const codec = receivableCodecs[format.codec];
      this.#format = format;
      this.#depacketizer = codec.createDepacketizer(this.#depacketizerOutput);
      this.#sawFrame = false;
      this.#options.events.started(format.codec, format.clockRate, format.channels);
    }
    if (packet.isRepaired) this.#hasRepairedPacket = true;
    if (this.#depacketizer) this.#depacketizer.push(packet, afterGap);
    else this.#countDrop(packet.payload.length === 0 ? 'padding' : 'unknown-payload');
  }

  #canBeginAt(packet: RtpPacket): boolean {
    if (this.#isKeyframeStart(packet)) return true;
    // LiveKit (seen in 1.11) drops the first packet of VP9 when it begins to forward: no NACK brings it.
    const format = this.#options.formats.get(packet.payloadType);
    if (format?.kind === 'media' && format.codec === 'vp9') this.#keyframes?.cannotBegin(this.#nowMicros);
    return false;
  }

  #isKeyframeStart({ payloadType, payload, extensions }: RtpPacket): boolean {
    const { formats, dependencyDescriptorId = 0 } = this.#options;
    const format = formats.get(payloadType);
    if (format?.kind !== 'media') return false;
    const descriptor = extensions?.get(dependencyDescriptorId);
    return receivableCodecs[format.codec].startsKeyframe?.(payload, descriptor) ?? true;
  }

  #noteQuiet(nowMicros: number): void {
    const quietMicros = nowMicros - this.#lastPacketMicros;
    const { counters } = this.#options;
    // Before the first packet it is infinite.
    if (quietMicros > (counters.longestQuietMicros ?? 0) && quietMicros < Number.POSITIVE_INFINITY)
      counters.longestQuietMicros = quietMicros;
  }

  #countDrop(reason: string): void {
    const { framesDropped } = this.#options.counters;
    framesDropped[reason] = (framesDropped[reason] ?? 0) + 1;
  }
}

function endsWith(payload: Uint8Array, trailer: Uint8Array): boolean {
  const start = payload.length - trailer.length;
  if (trailer.length === 0 || start < 0) return false;
  for (let index = 0; index < trailer.length; index += 1) if (payload[start + index] !== trailer[index]) return false;
  return true;
}
