import { BitReader } from './bit-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { nalUnits, withoutEmulationPrevention } from './nal-units.ts';

const NAL_SPS = 7;
const NAL_PPS = 8;
/** Profiles whose SPS, and whose configuration record, go on with chroma format and bit depths. */
const profilesWithChroma = new Set([100, 110, 122, 144, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/**
 * The `avcC` record (ISO/IEC 14496-15 section 5.3.3.1) from the parameter sets in a keyframe of length-prefixed NAL
 * units, or `undefined` when it has none.
 */
export function avcConfiguration(keyframe: Uint8Array): Uint8Array | undefined {
  const sequenceSets: Uint8Array[] = [];
  const pictureSets: Uint8Array[] = [];
  for (const unit of nalUnits(keyframe)) {
    const type = (unit[0] ?? 0) & 0x1f;
    if (type === NAL_SPS && unit.length >= 4) sequenceSets.push(unit);
    if (type === NAL_PPS) pictureSets.push(unit);
  }
  const sequenceSet = sequenceSets[0];
  if (!sequenceSet || pictureSets.length === 0) return undefined;

  const profile = sequenceSet[1] ?? 0;
  const chroma = profilesWithChroma.has(profile) ? readChroma(sequenceSet) : undefined;
  const sets = [...sequenceSets, ...pictureSets];
  const out = new ByteWriter(7 + sets.reduce((sum, set) => sum + 2 + set.length, 0) + (chroma ? 4 : 0));
  out.u8(1);
  out.data(sequenceSet.subarray(1, 4)); // profile, constraints, level
  out.u8(0xfc | 3); // lengths take 4 bytes
  out.u8(0xe0 | sequenceSets.length);
  for (const set of sequenceSets) writeSet(out, set);
  out.u8(pictureSets.length);
  for (const set of pictureSets) writeSet(out, set);
  if (chroma) {
    out.u8(0xfc | chroma.formatIdc);
    out.u8(0xf8 | chroma.lumaDepthMinus8);
    out.u8(0xf8 | chroma.chromaDepthMinus8);
    out.u8(0); // no SPS extensions
  }
  return out.finish();
}

function writeSet(out: ByteWriter, set: Uint8Array): void {
  out.u16(set.length);
  out.data(set);
}

function readChroma(sequenceSet: Uint8Array) {
  const reader = new BitReader(withoutEmulationPrevention(sequenceSet.subarray(4)));
  reader.unsignedGolomb(); // seq_parameter_set_id
  const formatIdc = reader.unsignedGolomb();
  if (formatIdc === 3) reader.skip(1); // separate_colour_plane_flag
  return {
    formatIdc: formatIdc & 3,
    lumaDepthMinus8: reader.unsignedGolomb() & 7,
    chromaDepthMinus8: reader.unsignedGolomb() & 7,
  };
}
