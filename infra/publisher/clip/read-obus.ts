/**
 * An AV1 temporal unit in low-overhead format (AV1 specification section 5.2) → its OBUs as RTP carries them: without
 * size fields, and without temporal delimiters, tile lists and padding (AV1 RTP specification section 5).
 */

export const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
const TILE_LIST = 8;
const PADDING = 15;
const HAS_EXTENSION = 0x04;
const HAS_SIZE = 0x02;

export function obuType(obu: Uint8Array): number {
  return ((obu[0] ?? 0) >> 3) & 0x0f;
}

export function readObus(temporalUnit: Uint8Array): Uint8Array[] {
  const obus: Uint8Array[] = [];
  let position = 0;
  while (position < temporalUnit.length) {
    const header = temporalUnit[position] ?? 0;
    const headerBytes = header & HAS_EXTENSION ? 2 : 1;
    let payloadStart = position + headerBytes;
    let end = temporalUnit.length;
    if (header & HAS_SIZE) {
      const size = readLeb128(temporalUnit, payloadStart);
      payloadStart += size.bytes;
      end = payloadStart + size.value;
    }
    if (end > temporalUnit.length) throw new Error('An OBU is longer than its temporal unit.');
    const type = (header >> 3) & 0x0f;
    if (type !== TEMPORAL_DELIMITER && type !== TILE_LIST && type !== PADDING) {
      const obu = Buffer.allocUnsafe(headerBytes + end - payloadStart);
      obu.set(temporalUnit.subarray(position, position + headerBytes));
      obu[0] = header & ~HAS_SIZE;
      obu.set(temporalUnit.subarray(payloadStart, end), headerBytes);
      obus.push(obu);
    }
    position = end;
  }
  return obus;
}

function readLeb128(bytes: Uint8Array, at: number): { value: number; bytes: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if ((byte & 0x80) === 0) return { value, bytes: index + 1 };
  }
  throw new Error('A size of an OBU does not end.');
}
