/**
 * H.264 (RFC 6184, packetization modes 0 and 1).
 *
 * Read: single NAL units (section 5.6), STAP-A (5.7.1), FU-A (5.8). The interleaved forms of mode 2 are malformed here;
 * WebRTC does not negotiate them. Dropped and counted: the 2x2 keyframes LiveKit sends when it closes a track.
 */
import { readH264Size } from './h264-size.ts';
import type { NalFormat } from './nal-frame-builder.ts';

const IDR_SLICE = 5;
const SEQUENCE_PARAMETERS = 7;
const ACCESS_UNIT_DELIMITER = 9;
const LAST_UNIT = 23;
const STAP_A = 24;
const FU_A = 28;
const FILLER_SIDE = 2;
const TYPE_MASK = 0x1f;

export const h264Format: NalFormat = {
  headerBytes: 1,
  typeOf: (firstByte) => firstByte & TYPE_MASK,
  isUnit: (type) => type > 0 && type <= LAST_UNIT,
  isKeyframe: (type) => type === IDR_SLICE,
  sequenceParameters: SEQUENCE_PARAMETERS,
  readSize: readH264Size,
  aggregation: STAP_A,
  fragmentation: FU_A,
  fragmentTypeMask: TYPE_MASK,
  restoreHeader: (fragment, type) => {
    fragment[1] = ((fragment[0] ?? 0) & 0xe0) | type;
  },
  isServerFiller: ({ width, height }) => width === FILLER_SIDE && height === FILLER_SIDE,
};

/** Begins with a sequence parameter set, maybe behind a delimiter. */
export function startsH264Keyframe(payload: Uint8Array): boolean {
  const type = (payload[0] ?? 0) & TYPE_MASK;
  const first = type === STAP_A ? (payload[3] ?? 0) & TYPE_MASK : type;
  return first === SEQUENCE_PARAMETERS || first === ACCESS_UNIT_DELIMITER;
}
