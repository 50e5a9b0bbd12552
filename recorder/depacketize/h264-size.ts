import { BitReader } from '../segment/bit-reader.ts';
import { withoutEmulationPrevention } from '../segment/nal-units.ts';
import type { PictureSize } from './picture-size.ts';

/** Profiles whose parameter sets tell the chroma format (ITU-T H.264 section 7.3.2.1.1). */
const PROFILES_WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const MOST_PIXELS_A_SIDE = 16_384;

/** Pixels of a picture after cropping, from a sequence parameter set; undefined when it makes no sense. */
export function readH264Size(unit: Uint8Array): PictureSize | undefined {
  const bytes = withoutEmulationPrevention(unit);
  if (bytes.length < 5) return undefined;
  const reader = new BitReader(bytes);
  reader.skip(8);
  const profile = reader.bits(8);
  reader.skip(16); // constraint flags and level
  reader.unsignedGolomb(); // seq_parameter_set_id
  let chromaFormat = 1;
  let separatePlanes = false;
  if (PROFILES_WITH_CHROMA.has(profile)) {
    chromaFormat = reader.unsignedGolomb();
    if (chromaFormat === 3) separatePlanes = reader.flag();
    reader.unsignedGolomb(); // bit_depth_luma_minus8
    reader.unsignedGolomb(); // bit_depth_chroma_minus8
    reader.skip(1); // qpprime_y_zero_transform_bypass_flag
    if (reader.flag()) skipScalingLists(reader, chromaFormat === 3 ? 12 : 8);
  }
  reader.unsignedGolomb(); // log2_max_frame_num_minus4
  const orderType = reader.unsignedGolomb();
  if (orderType === 0) {
    reader.unsignedGolomb();
  } else if (orderType === 1) {
    reader.skip(1);
    reader.unsignedGolomb(); // signed ones have the same length
    reader.unsignedGolomb();
    const count = reader.unsignedGolomb();
    if (count > 255) return undefined;
    for (let index = 0; index < count; index += 1) reader.unsignedGolomb();
  }
  reader.unsignedGolomb(); // max_num_ref_frames
  reader.skip(1); // gaps_in_frame_num_value_allowed_flag
  const widthMacroblocks = reader.unsignedGolomb() + 1;
  const heightMapUnits = reader.unsignedGolomb() + 1;
  const framesOnly = reader.flag();
  if (!framesOnly) reader.skip(1); // mb_adaptive_frame_field_flag
  reader.skip(1); // direct_8x8_inference_flag
  let width = widthMacroblocks * 16;
  let height = heightMapUnits * 16 * (framesOnly ? 1 : 2);
  if (reader.flag()) {
    // Crop units, section 7.4.2.1.1: chroma samples, and field lines where there are fields.
    const chroma = separatePlanes ? 0 : chromaFormat;
    const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
    const unitY = (chroma === 1 ? 2 : 1) * (framesOnly ? 1 : 2);
    width -= (reader.unsignedGolomb() + reader.unsignedGolomb()) * unitX;
    height -= (reader.unsignedGolomb() + reader.unsignedGolomb()) * unitY;
  }
  const makesSense = width > 0 && height > 0 && width <= MOST_PIXELS_A_SIDE && height <= MOST_PIXELS_A_SIDE;
  return makesSense ? { width, height } : undefined;
}

function skipScalingLists(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    const entries = list < 6 ? 16 : 64;
    let last = 8;
    let next = 8;
    for (let index = 0; index < entries; index += 1) {
      if (next !== 0) next = (last + signedGolomb(reader) + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

function signedGolomb(reader: BitReader): number {
  const code = reader.unsignedGolomb();
  return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
}
