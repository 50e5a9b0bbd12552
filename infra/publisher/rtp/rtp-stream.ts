/**
 * What is sent under one SSRC: frames → packets in a queue → the path, with sender reports and retransmissions.
 *
 * Timestamps follow the publisher's clock from a random start; an offset can be added for tests of what receivers do
 * about leaps.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { Clip, ClipFrame } from '../clip/clip.ts';
import { createPacketizer } from '../packetize/create-packetizer.ts';
import type { Packetizer, RtpPayload } from '../packetize/packetizer.ts';
import { RedWriter } from '../packetize/red.ts';
import { buildRtp, buildRtx, type HeaderExtension } from './build-rtp.ts';
import { buildSenderReport } from './build-sender-report.ts';
import { SentPackets } from './sent-packets.ts';

export interface RtpStreamOptions {
  ssrc: number;
  payloadType: number;
  clip: Clip;
  cname: string;
  /** Sent with every packet, so that the server knows a stream whose SSRC it was not told. */
  identification: readonly HeaderExtension[];
  dependencyDescriptorId: number;
  red?: { payloadType: number };
  rtx?: { payloadType: number; ssrc: number };
  /** True: the packet is lost on its way. Not asked about retransmissions. */
  loses?: (packet: Buffer) => boolean;
  send(packet: Buffer): void;
}

export class RtpStream {
  readonly ssrc: number;
  packetsSent = 0;
  payloadBytesSent = 0;
  packetsRetransmitted = 0;
  readonly #options: RtpStreamOptions;
  readonly #sent = new SentPackets();
  readonly #queue: Buffer[] = [];
  readonly #firstTimestamp = randomBytes(4).readUInt32BE();
  readonly #red: RedWriter | undefined;
  #clip: Clip;
  readonly #packetizer: Packetizer;
  #offsetTicks = 0;
  #sequenceNumber = randomInt(0x10000);
  #rtxSequenceNumber = randomInt(0x10000);

  constructor(options: RtpStreamOptions) {
    this.#options = options;
    this.ssrc = options.ssrc;
    this.#clip = options.clip;
    this.#packetizer = createPacketizer(options.clip);
    if (options.red) this.#red = new RedWriter({ blockPayloadType: options.payloadType });
  }

  /** Other pictures of the same codec from the next frame on. */
  changeClip(clip: Clip): void {
    this.#clip = clip;
    this.#packetizer.resize?.(clip.width, clip.height);
  }

  /** From now on timestamps, in frames and sender reports alike, are this much further. */
  leap(micros: number): void {
    this.#offsetTicks += Math.round((micros * this.#clip.clockRate) / 1_000_000);
  }

  /** At a moment of the publisher's clock; 32 bits. */
  timestampAt(micros: number): number {
    const ticks = this.#firstTimestamp + this.#offsetTicks + Math.round((micros * this.#clip.clockRate) / 1_000_000);
    return ((ticks % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }

  /** Returns the timestamp it has on the wire. */
  queueFrame(frame: ClipFrame, atMicros: number): number {
    const timestamp = this.timestampAt(atMicros);
    const isVideo = this.#clip.kind === 'video';
    const payloads = this.#red ? [this.#redPayload(frame, timestamp)] : this.#packetizer.packetize(frame);
    payloads.forEach((payload, index) => {
      this.#queue.push(this.#packet(payload, timestamp, isVideo && index === payloads.length - 1));
    });
    return timestamp;
  }

  /** Sends packets that wait, this many at most. */
  flush(mostPackets: number): void {
    for (const packet of this.#queue.splice(0, mostPackets)) {
      this.packetsSent += 1;
      this.#sent.add(packet);
      if (!this.#options.loses?.(packet)) this.#options.send(packet);
    }
  }

  retransmit(sequenceNumbers: readonly number[]): void {
    for (const sequenceNumber of sequenceNumbers) {
      const packet = this.#sent.get(sequenceNumber);
      if (!packet) continue;
      this.packetsRetransmitted += 1;
      const { rtx } = this.#options;
      if (!rtx) {
        this.#options.send(packet);
        continue;
      }
      this.#options.send(buildRtx(packet, { ...rtx, sequenceNumber: this.#rtxSequenceNumber }));
      this.#rtxSequenceNumber = (this.#rtxSequenceNumber + 1) & 0xffff;
    }
  }

  sendReport(atMicros: number, ntpMicros: number): void {
    this.#options.send(
      buildSenderReport({
        ssrc: this.ssrc,
        ntpMicros,
        rtpTimestamp: this.timestampAt(atMicros),
        packetCount: this.packetsSent,
        payloadBytes: this.payloadBytesSent,
        cname: this.#options.cname,
      }),
    );
  }

  #redPayload(frame: ClipFrame, timestamp: number): RtpPayload {
    const [data = new Uint8Array()] = frame.units;
    return this.#red?.write(data, timestamp) ?? { parts: [data] };
  }

  #packet(payload: RtpPayload, timestamp: number, marker: boolean): Buffer {
    const { red, payloadType, identification, dependencyDescriptorId } = this.#options;
    const extensions = payload.dependencyDescriptor
      ? [...identification, { id: dependencyDescriptorId, value: payload.dependencyDescriptor }]
      : identification;
    const header = {
      payloadType: red?.payloadType ?? payloadType,
      sequenceNumber: this.#sequenceNumber,
      timestamp,
      ssrc: this.ssrc,
      marker,
    };
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    for (const part of payload.parts) this.payloadBytesSent += part.length;
    return buildRtp(header, extensions, payload.parts);
  }
}
