/** One RTP packet (RFC 3550 section 5.1), repaired and in order, without padding and header extensions unread. */
export interface RtpPacket {
  ssrc: number;
  payloadType: number;
  /** 16 bits, as on the wire. */
  sequenceNumber: number;
  /** 32 bits, as on the wire, in ticks of the codec's clock. */
  timestamp: number;
  marker: boolean;
  payload: Uint8Array;
  /** Raw header extensions by id (RFC 8285, both forms); absent when the packet has none. */
  extensions?: Map<number, Uint8Array>;
  /** Monotonic clock. */
  receivedAtMicros: number;
  /** It had been lost, and came by a retransmission or by redundancy. */
  isRepaired?: true;
}
