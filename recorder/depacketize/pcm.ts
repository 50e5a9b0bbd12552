/**
 * G.711 (RFC 3551 section 4.5.14): every packet is a frame. Silence that the server makes up is known by its trailer
 * only, since real silence looks the same.
 */
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { Depacketizer, DepacketizerOutput } from './depacketizer.ts';

export class PcmDepacketizer implements Depacketizer {
  readonly #codec: 'pcmu' | 'pcma';
  readonly #output: DepacketizerOutput;
  #afterLoss = false;

  constructor(codec: 'pcmu' | 'pcma', output: DepacketizerOutput) {
    this.#codec = codec;
    this.#output = output;
  }

  push(packet: RtpPacket, afterGap: boolean): void {
    if (afterGap) this.#afterLoss = true;
    if (packet.payload.length === 0) {
      this.#output.dropped('padding');
      return;
    }
    const afterLoss = this.#afterLoss;
    this.#afterLoss = false;
    this.#output.frame({
      codec: this.#codec,
      rtpTimestamp: packet.timestamp,
      data: packet.payload,
      isKeyframe: true,
      afterLoss,
      receivedAtMicros: packet.receivedAtMicros,
    });
  }

  abandonFrame(): void {
    this.#afterLoss = false;
  }
}
