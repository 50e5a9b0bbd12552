/**
 * A compound packet of a sender report (RFC 3550 section 6.4.1) and a CNAME (6.5.1): at this moment of the publisher's
 * clock the stream was at this timestamp.
 */

export interface SenderReportContent {
  ssrc: number;
  /** The publisher's clock, Unix microseconds. */
  ntpMicros: number;
  /** 32 bits. */
  rtpTimestamp: number;
  packetCount: number;
  payloadBytes: number;
  cname: string;
}

const SENDER_REPORT = 200;
const SOURCE_DESCRIPTION = 202;
const CNAME = 1;
const REPORT_BYTES = 28;
const UNIX_EPOCH_IN_NTP_SECONDS = 2_208_988_800;

export function buildSenderReport(content: SenderReportContent): Buffer {
  const cname = Buffer.from(content.cname, 'ascii').subarray(0, 255);
  // At least one zero byte ends the items.
  const descriptionBytes = 4 + Math.ceil((4 + 2 + cname.length + 1) / 4) * 4;
  const out = Buffer.alloc(REPORT_BYTES + descriptionBytes);
  out[0] = 0x80;
  out[1] = SENDER_REPORT;
  out.writeUInt16BE(REPORT_BYTES / 4 - 1, 2);
  out.writeUInt32BE(content.ssrc, 4);
  const seconds = Math.floor(content.ntpMicros / 1_000_000);
  out.writeUInt32BE((seconds + UNIX_EPOCH_IN_NTP_SECONDS) % 2 ** 32, 8);
  out.writeUInt32BE(Math.floor(((content.ntpMicros - seconds * 1_000_000) / 1_000_000) * 2 ** 32), 12);
  out.writeUInt32BE(content.rtpTimestamp, 16);
  out.writeUInt32BE(content.packetCount % 2 ** 32, 20);
  out.writeUInt32BE(content.payloadBytes % 2 ** 32, 24);

  const description = out.subarray(REPORT_BYTES);
  description[0] = 0x81;
  description[1] = SOURCE_DESCRIPTION;
  description.writeUInt16BE(descriptionBytes / 4 - 1, 2);
  description.writeUInt32BE(content.ssrc, 4);
  description[8] = CNAME;
  description[9] = cname.length;
  cname.copy(description, 10);
  return out;
}
