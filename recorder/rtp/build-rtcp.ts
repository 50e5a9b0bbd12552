/** What a receiver says by RTCP, as bytes: reports, requests for packets and for keyframes. */

/** One block of a receiver report (RFC 3550 section 6.4.1). */
export interface ReportBlock {
  ssrc: number;
  /** Share lost since the last report, in 1/256. */
  fractionLost: number;
  /** 24 bits, signed: duplicates can make it negative. */
  cumulativeLost: number;
  /** 32 bits: circles of the sequence number, then the sequence number. */
  extendedHighestSequence: number;
  /** In timestamp ticks. */
  jitterTicks: number;
  /** Compact NTP of the last sender report; 0: none yet. */
  lastSenderReport: number;
  /** Since then, in 1/65536 s. */
  delaySinceLastSenderReport: number;
}

const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const EXTENDED_REPORT = 207;
const CNAME = 1;
const REFERENCE_TIME_BLOCK = 4;
/** Five bits count the blocks of a report. */
export const MOST_REPORT_BLOCKS = 31;
/** A NACK of more entries would not fit one packet of the path; the rest is asked for a moment later. */
export const MOST_NACK_ENTRIES = 64;

function header(view: DataView, at: number, count: number, type: number, bytes: number): void {
  view.setUint8(at, 0x80 | count);
  view.setUint8(at + 1, type);
  view.setUint16(at + 2, bytes / 4 - 1);
}

/**
 * A compound packet: receiver report, CNAME (RFC 3550 section 6.1 wants both) and a reference time (RFC 3611 section
 * 4.4), whose answer tells the round trip.
 */
export function buildReport(
  senderSsrc: number,
  cname: string,
  blocks: readonly ReportBlock[],
  referenceTime: { seconds: number; fraction: number },
): Buffer {
  const name = Buffer.from(cname, 'ascii').subarray(0, 255);
  const reportBytes = 8 + blocks.length * 24;
  // At least one zero byte ends the items of a chunk.
  const descriptionBytes = 4 + Math.ceil((4 + 2 + name.length + 1) / 4) * 4;
  const extendedBytes = 8 + 12;
  const out = Buffer.alloc(reportBytes + descriptionBytes + extendedBytes);
  const view = new DataView(out.buffer, out.byteOffset, out.length);

  header(view, 0, blocks.length, RECEIVER_REPORT, reportBytes);
  view.setUint32(4, senderSsrc);
  let at = 8;
  for (const block of blocks) {
    view.setUint32(at, block.ssrc);
    view.setUint32(at + 4, ((block.fractionLost & 0xff) << 24) | (block.cumulativeLost & 0xffffff));
    view.setUint32(at + 8, block.extendedHighestSequence);
    view.setUint32(at + 12, block.jitterTicks);
    view.setUint32(at + 16, block.lastSenderReport);
    view.setUint32(at + 20, block.delaySinceLastSenderReport);
    at += 24;
  }

  header(view, at, 1, SOURCE_DESCRIPTION, descriptionBytes);
  view.setUint32(at + 4, senderSsrc);
  view.setUint8(at + 8, CNAME);
  view.setUint8(at + 9, name.length);
  name.copy(out, at + 10);
  at += descriptionBytes;

  header(view, at, 0, EXTENDED_REPORT, extendedBytes);
  view.setUint32(at + 4, senderSsrc);
  view.setUint8(at + 8, REFERENCE_TIME_BLOCK);
  view.setUint16(at + 10, 2);
  view.setUint32(at + 12, referenceTime.seconds);
  view.setUint32(at + 16, referenceTime.fraction);
  return out;
}

/** A generic NACK (RFC 4585 section 6.2.1). `sequenceNumbers` in rising order, at most MOST_NACK_ENTRIES entries fit. */
export function buildNack(senderSsrc: number, mediaSsrc: number, sequenceNumbers: readonly number[]): Buffer {
  const entries: { first: number; following: number }[] = [];
  for (const sequenceNumber of sequenceNumbers) {
    const last = entries.at(-1);
    const distance = last ? (sequenceNumber - last.first) & 0xffff : 0;
    if (last && distance >= 1 && distance <= 16) last.following |= 1 << (distance - 1);
    else if (!last || distance !== 0) {
      if (entries.length === MOST_NACK_ENTRIES) break;
      entries.push({ first: sequenceNumber & 0xffff, following: 0 });
    }
  }
  const bytes = 12 + entries.length * 4;
  const out = Buffer.alloc(bytes);
  const view = new DataView(out.buffer, out.byteOffset, bytes);
  header(view, 0, 1, TRANSPORT_FEEDBACK, bytes);
  view.setUint32(4, senderSsrc);
  view.setUint32(8, mediaSsrc);
  entries.forEach((entry, index) => {
    view.setUint16(12 + index * 4, entry.first);
    view.setUint16(14 + index * 4, entry.following);
  });
  return out;
}

/** A picture loss indication (RFC 4585 section 6.3.1): the publisher shall send a keyframe. */
export function buildPictureLossIndication(senderSsrc: number, mediaSsrc: number): Buffer {
  const out = Buffer.alloc(12);
  const view = new DataView(out.buffer, out.byteOffset, 12);
  header(view, 0, 1, PAYLOAD_FEEDBACK, 12);
  view.setUint32(4, senderSsrc);
  view.setUint32(8, mediaSsrc);
  return out;
}
