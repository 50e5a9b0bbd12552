/**
 * RTCP from the server → what it asks of a sender: packets again (generic NACK, RFC 4585 section 6.2.1) and keyframes (PLI,
 * 6.3.1; FIR, RFC 5104 section 4.3.1). All else is skipped, malformed rests are ignored.
 */

export interface FeedbackHandler {
  packetsMissing(mediaSsrc: number, sequenceNumbers: number[]): void;
  keyframeWanted(mediaSsrc: number): void;
}

const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const GENERIC_NACK = 1;
const PICTURE_LOSS = 1;
const FULL_INTRA_REQUEST = 4;

export function readFeedback(bytes: Buffer, handler: FeedbackHandler): void {
  let start = 0;
  while (start + 12 <= bytes.length && (bytes[start] ?? 0) >> 6 === 2) {
    const end = start + (bytes.readUInt16BE(start + 2) + 1) * 4;
    if (end > bytes.length) return;
    const format = (bytes[start] ?? 0) & 0x1f;
    const type = bytes[start + 1];
    if (end - start >= 12) {
      const mediaSsrc = bytes.readUInt32BE(start + 8);
      if (type === TRANSPORT_FEEDBACK && format === GENERIC_NACK) {
        handler.packetsMissing(mediaSsrc, readNack(bytes.subarray(start + 12, end)));
      } else if (type === PAYLOAD_FEEDBACK && format === PICTURE_LOSS) {
        handler.keyframeWanted(mediaSsrc);
      } else if (type === PAYLOAD_FEEDBACK && format === FULL_INTRA_REQUEST) {
        for (let at = start + 12; at + 8 <= end; at += 8) handler.keyframeWanted(bytes.readUInt32BE(at));
      }
    }
    start = end;
  }
}

function readNack(entries: Buffer): number[] {
  const missing: number[] = [];
  for (let at = 0; at + 4 <= entries.length; at += 4) {
    const first = entries.readUInt16BE(at);
    const following = entries.readUInt16BE(at + 2);
    missing.push(first);
    for (let bit = 0; bit < 16; bit++) if (following & (1 << bit)) missing.push((first + 1 + bit) & 0xffff);
  }
  return missing;
}
