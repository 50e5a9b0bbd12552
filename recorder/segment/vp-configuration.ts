import { BitReader } from './bit-reader.ts';

const PROFILE_0 = { profile: 0, bitDepth: 8, chroma: 1 };
/** 4:2:0 with chroma between luma, 4:4:4 */
const CHROMA_420 = 1;
const CHROMA_444 = 3;
const LEVEL_UNKNOWN = 0;
const COLOR_UNKNOWN = 2;

/** The `vpcC` record (VP Codec ISO Media File Format Binding, version 1) of a VP8 or VP9 keyframe. */
export function vpConfiguration(codec: 'vp8' | 'vp9', keyframe: Uint8Array): Uint8Array {
  const { profile, bitDepth, chroma } = codec === 'vp9' ? readVp9(keyframe) : PROFILE_0;
  return Uint8Array.of(
    ...[1, 0, 0, 0], // version and flags
    profile,
    LEVEL_UNKNOWN,
    (bitDepth << 4) | (chroma << 1),
    ...[COLOR_UNKNOWN, COLOR_UNKNOWN, COLOR_UNKNOWN], // primaries, transfer, matrix
    ...[0, 0], // no initialisation data
  );
}

/** VP9 bitstream specification section 6.2, as far as the record needs it. */
function readVp9(keyframe: Uint8Array) {
  const reader = new BitReader(keyframe);
  reader.skip(2); // frame_marker
  const profile = reader.bit() + reader.bit() * 2;
  if (profile === 3) reader.skip(1);
  reader.skip(1 + 1 + 1 + 1 + 24); // show_existing_frame, frame_type, show_frame, error_resilient_mode, sync code
  const bitDepth = profile >= 2 ? (reader.flag() ? 12 : 10) : 8;
  return { profile, bitDepth, chroma: profile % 2 === 0 ? CHROMA_420 : CHROMA_444 };
}
