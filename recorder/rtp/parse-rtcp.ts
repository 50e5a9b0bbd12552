/**
 * Bytes of an RTCP compound packet → what a receiver needs of it: sender reports (RFC 3550 section 6.4.1) and the
 * answers to our reference times (RFC 3611 section 4.5). Everything else is skipped. Malformed rests are not read.
 */
import { ntpToUnixMicros } from './ntp-time.ts';
import { readUint16, readUint32 } from './parse-rtp.ts';
import type { SenderReport } from './sender-report.ts';

export interface RtcpSenderReport extends SenderReport {
  /** Middle 32 bits of the NTP time: a receiver report gives it back. */
  compactNtp: number;
}

/** The peer saw our reference time (`lastReference`, compact NTP) and answered after `delay` (1/65536 s). */
export interface ReferenceTimeAnswer {
  ssrc: number;
  lastReference: number;
  delay: number;
}

export interface RtcpHandler {
  senderReport(report: RtcpSenderReport): void;
  referenceTimeAnswer(answer: ReferenceTimeAnswer): void;
}

const SENDER_REPORT = 200;
const EXTENDED_REPORT = 207;
const DLRR_BLOCK = 5;

/** False: it is malformed, at least from some place on. */
export function parseRtcp(bytes: Uint8Array, receivedAtMicros: number, handler: RtcpHandler): boolean {
  let start = 0;
  while (start < bytes.length) {
    if (start + 4 > bytes.length || (bytes[start] ?? 0) >> 6 !== 2) return false;
    const end = start + (readUint16(bytes, start + 2) + 1) * 4;
    if (end > bytes.length) return false;
    const type = bytes[start + 1];
    if (type === SENDER_REPORT && end - start >= 28) {
      const seconds = readUint32(bytes, start + 8);
      const fraction = readUint32(bytes, start + 12);
      // Zero: the sender has no clock (RFC 3550 section 6.4.1).
      if (seconds !== 0 || fraction !== 0)
        handler.senderReport({
          ssrc: readUint32(bytes, start + 4),
          ntpMicros: ntpToUnixMicros(seconds, fraction),
          compactNtp: (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0,
          rtpTimestamp: readUint32(bytes, start + 16),
          receivedAtMicros,
        });
    } else if (type === EXTENDED_REPORT) {
      parseExtendedReport(bytes, start + 8, end, handler);
    }
    start = end;
  }
  return bytes.length > 0;
}

function parseExtendedReport(bytes: Uint8Array, start: number, end: number, handler: RtcpHandler): void {
  let block = start;
  while (block + 4 <= end) {
    const blockEnd = block + (readUint16(bytes, block + 2) + 1) * 4;
    if (blockEnd > end) return;
    if (bytes[block] === DLRR_BLOCK) {
      for (let item = block + 4; item + 12 <= blockEnd; item += 12) {
        handler.referenceTimeAnswer({
          ssrc: readUint32(bytes, item),
          lastReference: readUint32(bytes, item + 4),
          delay: readUint32(bytes, item + 8),
        });
      }
    }
    block = blockEnd;
  }
}
