/** Builders for ISO BMFF boxes (ISO/IEC 14496-12), for headers: small, and made once per part or file. */

export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  return Buffer.concat(boxPieces(type, ...content));
}

export function fullBox(type: string, version: number, flags: number, ...content: readonly Uint8Array[]): Buffer {
  return Buffer.concat(fullBoxPieces(type, version, flags, ...content));
}

/** A box in pieces that follow each other: the sample tables of a day are not copied at each level they lie in. */
export function boxPieces(type: string, ...content: readonly Uint8Array[]): Uint8Array[] {
  const sizeBytes = content.reduce((sum, piece) => sum + piece.length, 8);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(sizeBytes);
  head.write(type, 4, 'latin1');
  return [head, ...content];
}

export function fullBoxPieces(
  type: string,
  version: number,
  flags: number,
  ...content: readonly Uint8Array[]
): Uint8Array[] {
  return boxPieces(type, uint32(version * 2 ** 24 + flags), ...content);
}

export function uint8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

export function uint64(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(value), index * 8);
  return bytes;
}

export function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export function zeros(count: number): Buffer {
  return Buffer.alloc(count);
}
