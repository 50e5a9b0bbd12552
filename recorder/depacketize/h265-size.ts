import { BitReader } from '../segment/bit-reader.ts';
import { withoutEmulationPrevention } from '../segment/nal-units.ts';
import type { PictureSize } from './picture-size.ts';

const MOST_PIXELS_A_SIDE = 16_384;

/** Pixels of a picture after cropping, from a sequence parameter set (ITU-T H.265 section 7.3.2.2). */
export function readH265Size(unit: Uint8Array): PictureSize | undefined {
  const reader = new BitReader(withoutEmulationPrevention(unit));
  reader.skip(16 + 4);
  const subLayers = reader.bits(3);
  reader.skip(1);
  skipProfileTierLevel(reader, subLayers);
  reader.unsignedGolomb(); // sps_seq_parameter_set_id
  const chromaFormat = reader.unsignedGolomb();
  const separatePlanes = chromaFormat === 3 && reader.flag();
  let width = reader.unsignedGolomb();
  let height = reader.unsignedGolomb();
  if (reader.flag()) {
    const chroma = separatePlanes ? 0 : chromaFormat;
    width -= (reader.unsignedGolomb() + reader.unsignedGolomb()) * (chroma === 1 || chroma === 2 ? 2 : 1);
    height -= (reader.unsignedGolomb() + reader.unsignedGolomb()) * (chroma === 1 ? 2 : 1);
  }
  const makesSense = width > 0 && height > 0 && width <= MOST_PIXELS_A_SIDE && height <= MOST_PIXELS_A_SIDE;
  return makesSense ? { width, height } : undefined;
}

/** Section 7.3.3. */
function skipProfileTierLevel(reader: BitReader, subLayers: number): void {
  reader.skip(96);
  const present: { profile: boolean; level: boolean }[] = [];
  for (let layer = 0; layer < subLayers; layer += 1) present.push({ profile: reader.flag(), level: reader.flag() });
  if (subLayers > 0) reader.skip(2 * (8 - subLayers));
  for (const { profile, level } of present) reader.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
