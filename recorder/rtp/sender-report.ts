/** What an RTCP sender report says about time (RFC 3550 section 6.4.1): this RTP timestamp was captured at that moment. */
export interface SenderReport {
  ssrc: number;
  /** The publisher's NTP clock, as Unix microseconds. LiveKit keeps it and rewrites the RTP time to match. */
  ntpMicros: number;
  rtpTimestamp: number;
  /** Monotonic clock. */
  receivedAtMicros: number;
}
