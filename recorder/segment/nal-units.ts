const LENGTH_BYTES = 4;

/** The NAL units of a frame in which each stands behind a 4-byte length. Stops at a length that does not fit. */
export function* nalUnits(frame: Uint8Array): Iterable<Uint8Array> {
  let position = 0;
  while (position + LENGTH_BYTES <= frame.length) {
    const length =
      (frame[position] ?? 0) * 2 ** 24 +
      (((frame[position + 1] ?? 0) << 16) | ((frame[position + 2] ?? 0) << 8) | (frame[position + 3] ?? 0));
    position += LENGTH_BYTES;
    if (position + length > frame.length) return;
    if (length > 0) yield frame.subarray(position, position + length);
    position += length;
  }
}

/** Takes out the bytes that keep start codes from appearing (ITU-T H.264 section 7.3.1, H.265 section 7.3.1.1). */
export function withoutEmulationPrevention(unit: Uint8Array): Uint8Array {
  const out = new Uint8Array(unit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of unit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
}
