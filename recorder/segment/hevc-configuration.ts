import { BitReader } from './bit-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { nalUnits, withoutEmulationPrevention } from './nal-units.ts';

const NAL_VPS = 32;
const NAL_SPS = 33;
const NAL_PPS = 34;

/**
 * The `hvcC` record (ISO/IEC 14496-15 section 8.3.3.1) from the parameter sets in a keyframe of length-prefixed NAL
 * units, or `undefined` when it lacks one.
 */
export function hevcConfiguration(keyframe: Uint8Array): Uint8Array | undefined {
  const sets = new Map<number, Uint8Array[]>([
    [NAL_VPS, []],
    [NAL_SPS, []],
    [NAL_PPS, []],
  ]);
  for (const unit of nalUnits(keyframe)) sets.get(((unit[0] ?? 0) >> 1) & 0x3f)?.push(unit);
  const sequenceSet = sets.get(NAL_SPS)?.[0];
  if (!sequenceSet || [...sets.values()].some((units) => units.length === 0)) return undefined;

  const sps = readSequenceSet(sequenceSet);
  let sizeBytes = 23;
  for (const units of sets.values()) sizeBytes += units.reduce((sum, unit) => sum + 2 + unit.length, 3);
  const out = new ByteWriter(sizeBytes);
  out.u8(1);
  out.data(sps.profileTierLevel); // profile space, tier, profile, compatibility, constraints, level: 12 bytes
  out.u16(0xf000); // min_spatial_segmentation_idc: not known
  out.u8(0xfc); // parallelismType: not known
  out.u8(0xfc | sps.chromaFormatIdc);
  out.u8(0xf8 | sps.lumaDepthMinus8);
  out.u8(0xf8 | sps.chromaDepthMinus8);
  out.u16(0); // average frame rate: not known
  // constantFrameRate 0, temporal layers, temporal id nesting, lengths take 4 bytes
  out.u8((sps.temporalLayers << 3) | (sps.temporalIdNesting << 2) | 3);
  out.u8(sets.size);
  for (const [type, units] of sets) {
    out.u8(0x80 | type); // hvc1: the record holds them all
    out.u16(units.length);
    for (const unit of units) {
      out.u16(unit.length);
      out.data(unit);
    }
  }
  return out.finish();
}

/** ITU-T H.265 section 7.3.2.2.1, as far as the record needs it. */
function readSequenceSet(unit: Uint8Array) {
  const bytes = withoutEmulationPrevention(unit);
  const reader = new BitReader(bytes.subarray(2)); // behind the NAL header
  reader.skip(4); // sps_video_parameter_set_id
  const subLayersMinus1 = reader.bits(3);
  const temporalIdNesting = reader.bit();
  const profileTierLevel = bytes.subarray(3, 15);
  reader.skip(96);
  skipSubLayers(reader, subLayersMinus1);
  reader.unsignedGolomb(); // sps_seq_parameter_set_id
  const chromaFormatIdc = reader.unsignedGolomb();
  if (chromaFormatIdc === 3) reader.skip(1); // separate_colour_plane_flag
  reader.unsignedGolomb(); // width
  reader.unsignedGolomb(); // height
  if (reader.flag()) for (let side = 0; side < 4; side += 1) reader.unsignedGolomb(); // conformance window
  return {
    profileTierLevel,
    temporalLayers: subLayersMinus1 + 1,
    temporalIdNesting,
    chromaFormatIdc: chromaFormatIdc & 3,
    lumaDepthMinus8: reader.unsignedGolomb() & 7,
    chromaDepthMinus8: reader.unsignedGolomb() & 7,
  };
}

/** The rest of profile_tier_level( ), section 7.3.3. */
function skipSubLayers(reader: BitReader, subLayersMinus1: number): void {
  const present: { profile: boolean; level: boolean }[] = [];
  for (let layer = 0; layer < subLayersMinus1; layer += 1) {
    present.push({ profile: reader.flag(), level: reader.flag() });
  }
  if (subLayersMinus1 > 0) reader.skip(2 * (8 - subLayersMinus1));
  for (const layer of present) reader.skip((layer.profile ? 88 : 0) + (layer.level ? 8 : 0));
}
