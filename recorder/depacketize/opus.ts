/**
 * Opus (RFC 7587 section 4.2): every packet is a frame; there is nothing to assemble.
 *
 * RED (RFC 2198) is unpacked before. Dropped and counted: padding, and the silence LiveKit makes up when a track is
 * muted or closed. DTX packets are frames: a decoder needs them.
 */
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { Depacketizer, DepacketizerOutput } from './depacketizer.ts';

/** LiveKit's silence: three bytes, then zeros up to this size. An encoder's own silence has the three bytes only. */
const FILLER_BYTES = 80;

export class OpusDepacketizer implements Depacketizer {
  readonly #output: DepacketizerOutput;
  #afterLoss = false;

  constructor(output: DepacketizerOutput) {
    this.#output = output;
  }

  push(packet: RtpPacket, afterGap: boolean): void {
    if (afterGap) this.#afterLoss = true;
    const { payload } = packet;
    if (payload.length === 0) {
      this.#output.dropped('padding');
      return;
    }
    if (isServerSilence(payload)) {
      this.#output.dropped('server-filler');
      return;
    }
    const afterLoss = this.#afterLoss;
    this.#afterLoss = false;
    this.#output.frame({
      codec: 'opus',
      rtpTimestamp: packet.timestamp,
      data: payload,
      isKeyframe: true,
      afterLoss,
      receivedAtMicros: packet.receivedAtMicros,
    });
  }

  abandonFrame(): void {
    this.#afterLoss = false;
  }
}

function isServerSilence(payload: Uint8Array): boolean {
  if (payload.length < FILLER_BYTES || payload[0] !== 0xf8 || payload[1] !== 0xff || payload[2] !== 0xfe) return false;
  for (let index = 3; index < FILLER_BYTES; index += 1) if (payload[index] !== 0) return false;
  return true;
}
