/**
 * H.265 (RFC 7798): single NAL units (section 4.4.1), several small ones as an aggregation packet (4.4.2), large ones as
 * fragmentation units (4.4.3). Without decoding order numbers: sprop-max-don-diff is 0.
 */
import type { ClipFrame } from '../clip/clip.ts';
import { packetizeNalUnits } from './nal-fragments.ts';
import type { Packetizer, RtpPayload } from './packetizer.ts';

const AGGREGATION = 48;
const FRAGMENTATION = 49;
/** The six bits of the type, in the first byte of the header. */
const TYPE_BITS = 0x7e;
const START = 0x80;
const END = 0x40;

export class H265Packetizer implements Packetizer {
  packetize(frame: ClipFrame): RtpPayload[] {
    return packetizeNalUnits(frame.units, {
      headerBytes: 2,
      // Layer and temporal IDs are the lowest of what is inside; an encoder without layers has one for all.
      aggregationHeader: ([first]) => payloadHeader(first, AGGREGATION),
      fragmentHeader: (unit, isStart, isEnd) =>
        Uint8Array.of(
          ...payloadHeader(unit, FRAGMENTATION),
          (isStart ? START : 0) | (isEnd ? END : 0) | (((unit[0] ?? 0) & TYPE_BITS) >> 1),
        ),
    });
  }
}

function payloadHeader(unit: Uint8Array | undefined, type: number): Uint8Array {
  return Uint8Array.of(((unit?.[0] ?? 0) & ~TYPE_BITS) | (type << 1), unit?.[1] ?? 1);
}
