/** What H.264 and H.265 share: small NAL units go together into one packet, large ones over several. */
import { MOST_PAYLOAD_BYTES, type RtpPayload } from './packetizer.ts';
import { splitEvenly } from './split-evenly.ts';

export interface NalFormat {
  /** Bytes of a NAL unit header: not part of what is fragmented. */
  headerBytes: number;
  /** The payload header of an aggregation of these units. */
  aggregationHeader(units: readonly Uint8Array[]): Uint8Array;
  /** Payload header and fragment header of a piece of a unit. */
  fragmentHeader(unit: Uint8Array, isStart: boolean, isEnd: boolean): Uint8Array;
}

const SIZE_BYTES = 2;

/** The NAL units of one access unit, in order. */
export function packetizeNalUnits(units: readonly Uint8Array[], format: NalFormat): RtpPayload[] {
  const payloads: RtpPayload[] = [];
  let small: Uint8Array[] = [];
  let smallBytes = 0;
  const flush = () => {
    const [only] = small;
    if (small.length === 1 && only) payloads.push({ parts: [only] });
    else if (small.length > 1) payloads.push(aggregate(small, format));
    small = [];
    smallBytes = 0;
  };
  for (const unit of units) {
    const room = SIZE_BYTES + unit.length;
    if (format.headerBytes + smallBytes + room > MOST_PAYLOAD_BYTES) flush();
    if (unit.length > MOST_PAYLOAD_BYTES) {
      payloads.push(...fragment(unit, format));
    } else {
      small.push(unit);
      smallBytes += room;
    }
  }
  flush();
  return payloads;
}

function aggregate(units: readonly Uint8Array[], format: NalFormat): RtpPayload {
  const parts = [format.aggregationHeader(units)];
  for (const unit of units) parts.push(Uint8Array.of(unit.length >> 8, unit.length & 0xff), unit);
  return { parts };
}

function fragment(unit: Uint8Array, format: NalFormat): RtpPayload[] {
  const pieces = splitEvenly(unit.subarray(format.headerBytes), MOST_PAYLOAD_BYTES - format.headerBytes - 1);
  return pieces.map((piece, index) => ({
    parts: [format.fragmentHeader(unit, index === 0, index === pieces.length - 1), piece],
  }));
}
