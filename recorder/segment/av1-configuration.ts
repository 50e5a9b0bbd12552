import { BitReader } from './bit-reader.ts';

const OBU_SEQUENCE_HEADER = 1;

/**
 * The `av1C` record (AV1 in ISOBMFF section 2.3.3; WebM uses the same as CodecPrivate) from the sequence header in a
 * keyframe of low-overhead OBUs, or `undefined` when it has none.
 */
export function av1Configuration(keyframe: Uint8Array): Uint8Array | undefined {
  const found = findSequenceHeader(keyframe);
  if (!found) return undefined;
  const header = readSequenceHeader(found.payload);
  const record = new Uint8Array(4 + found.obu.length);
  record[0] = 0x81; // marker, version 1
  record[1] = (header.profile << 5) | header.level;
  record[2] =
    (header.tier << 7) |
    (header.isHighBitDepth << 6) |
    (header.isTwelveBit << 5) |
    (header.isMonochrome << 4) |
    (header.subsamplingX << 3) |
    (header.subsamplingY << 2) |
    header.samplePosition;
  record[3] = 0; // no initial presentation delay
  record.set(found.obu, 4);
  return record;
}

/** AV1 specification section 5.3: OBU header, extension, leb128 size. */
function findSequenceHeader(frame: Uint8Array): { obu: Uint8Array; payload: Uint8Array } | undefined {
  let position = 0;
  while (position < frame.length) {
    const start = position;
    const header = frame[position] ?? 0;
    position += header & 4 ? 2 : 1;
    let size = frame.length - position;
    if (header & 2) {
      size = 0;
      for (let shift = 0; shift < 56; shift += 7) {
        const byte = frame[position] ?? 0;
        position += 1;
        size += (byte & 0x7f) * 2 ** shift;
        if (!(byte & 0x80)) break;
      }
    }
    const end = position + size;
    if (end > frame.length) return undefined;
    if (((header >> 3) & 15) === OBU_SEQUENCE_HEADER) {
      return { obu: frame.subarray(start, end), payload: frame.subarray(position, end) };
    }
    position = end;
  }
  return undefined;
}

/** AV1 specification section 5.5, as far as the record needs it. */
function readSequenceHeader(payload: Uint8Array) {
  const reader = new BitReader(payload);
  const profile = reader.bits(3);
  reader.skip(1); // still_picture
  const isReduced = reader.flag();
  let level = 0;
  let tier = 0;
  if (isReduced) {
    level = reader.bits(5);
  } else {
    ({ level, tier } = readOperatingPoints(reader));
  }
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  reader.skip(widthBits + heightBits);
  if (!isReduced && reader.flag()) reader.skip(4 + 3); // frame id lengths
  reader.skip(3); // superblocks, filter intra, intra edge
  if (!isReduced) skipTools(reader);
  reader.skip(3); // superres, cdef, restoration
  return { profile, level, tier, ...readColor(reader, profile) };
}

function readOperatingPoints(reader: BitReader): { level: number; tier: number } {
  let hasDecoderModel = false;
  let delayBits = 0;
  if (reader.flag()) {
    reader.skip(64); // timing: units in display tick, time scale
    if (reader.flag()) reader.uvlc(); // ticks per picture
    hasDecoderModel = reader.flag();
    if (hasDecoderModel) {
      delayBits = reader.bits(5) + 1;
      reader.skip(32 + 5 + 5);
    }
  }
  const hasDisplayDelay = reader.flag();
  const points = reader.bits(5) + 1;
  let first: { level: number; tier: number } | undefined;
  for (let point = 0; point < points; point += 1) {
    reader.skip(12); // operating_point_idc
    const level = reader.bits(5);
    const tier = level > 7 ? reader.bit() : 0;
    first ??= { level, tier };
    if (hasDecoderModel && reader.flag()) reader.skip(2 * delayBits + 1);
    if (hasDisplayDelay && reader.flag()) reader.skip(4);
  }
  return first ?? { level: 0, tier: 0 };
}

function skipTools(reader: BitReader): void {
  reader.skip(4); // interintra, masked compound, warped motion, dual filter
  const hasOrderHint = reader.flag();
  if (hasOrderHint) reader.skip(2); // jnt comp, ref frame mvs
  const screenContent = reader.flag() ? 2 : reader.bit();
  if (screenContent > 0 && !reader.flag()) reader.skip(1); // integer mv
  if (hasOrderHint) reader.skip(3);
}

/** Section 5.5.2. */
function readColor(reader: BitReader, profile: number) {
  const isHighBitDepth = reader.bit();
  const isTwelveBit = profile === 2 && isHighBitDepth ? reader.bit() : 0;
  const isMonochrome = profile === 1 ? 0 : reader.bit();
  let isRgb = false;
  if (reader.flag()) {
    const primaries = reader.bits(8);
    const transfer = reader.bits(8);
    const matrix = reader.bits(8);
    isRgb = primaries === 1 && transfer === 13 && matrix === 0; // sRGB
  }
  const color = { isHighBitDepth, isTwelveBit, isMonochrome, samplePosition: 0 };
  if (isMonochrome) return { ...color, subsamplingX: 1, subsamplingY: 1 };
  if (isRgb) return { ...color, subsamplingX: 0, subsamplingY: 0 };
  reader.skip(1); // color_range
  let subsamplingX = profile === 1 ? 0 : 1;
  let subsamplingY = profile === 0 ? 1 : 0;
  if (profile === 2 && isTwelveBit) {
    subsamplingX = reader.bit();
    subsamplingY = subsamplingX ? reader.bit() : 0;
  }
  const samplePosition = subsamplingX && subsamplingY ? reader.bits(2) : 0;
  return { ...color, subsamplingX, subsamplingY, samplePosition };
}
