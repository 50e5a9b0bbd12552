import { readUint16 } from './parse-rtp.ts';
import type { RtpPacket } from './rtp-packet.ts';

/**
 * A retransmission packet → the packet that was lost (RFC 4588 section 4): its sequence number stands in the first two
 * bytes of the payload. Undefined for the padding that senders put into retransmission streams to probe the path.
 */
export function unwrapRtx(packet: RtpPacket, mediaSsrc: number, mediaPayloadType: number): RtpPacket | undefined {
  if (packet.payload.length <= 2) return undefined;
  return {
    ...packet,
    ssrc: mediaSsrc,
    payloadType: mediaPayloadType,
    sequenceNumber: readUint16(packet.payload, 0),
    payload: packet.payload.subarray(2),
  };
}
