/**
 * H.265 (RFC 7798, one stream, no decoding order numbers).
 *
 * Read: single NAL units (section 4.4.1), aggregation packets (4.4.2), fragmentation units (4.4.3). Packets with payload
 * content information (4.4.4) are malformed here; WebRTC does not send them.
 */
import { readH265Size } from './h265-size.ts';
import type { NalFormat } from './nal-frame-builder.ts';

const FIRST_RANDOM_ACCESS = 16;
const LAST_RANDOM_ACCESS = 21;
const VIDEO_PARAMETERS = 32;
const SEQUENCE_PARAMETERS = 33;
const ACCESS_UNIT_DELIMITER = 35;
const AGGREGATION = 48;
const FRAGMENTATION = 49;

const typeOf = (firstByte: number) => (firstByte >> 1) & 0x3f;

export const h265Format: NalFormat = {
  headerBytes: 2,
  typeOf,
  isUnit: (type) => type < AGGREGATION,
  isKeyframe: (type) => type >= FIRST_RANDOM_ACCESS && type <= LAST_RANDOM_ACCESS,
  sequenceParameters: SEQUENCE_PARAMETERS,
  readSize: readH265Size,
  aggregation: AGGREGATION,
  fragmentation: FRAGMENTATION,
  fragmentTypeMask: 0x3f,
  restoreHeader: (fragment, type) => {
    fragment[2] = fragment[1] ?? 0;
    fragment[1] = ((fragment[0] ?? 0) & 0x81) | (type << 1);
  },
};

/** Begins with a video parameter set, maybe behind a delimiter. */
export function startsH265Keyframe(payload: Uint8Array): boolean {
  const type = typeOf(payload[0] ?? 0);
  const first = type === AGGREGATION ? typeOf(payload[4] ?? 0) : type;
  return first === VIDEO_PARAMETERS || first === SEQUENCE_PARAMETERS || first === ACCESS_UNIT_DELIMITER;
}
