/** Builders for EBML elements (RFC 8794), for headers: small, and made once per part. */

export function element(id: number, ...content: readonly Uint8Array[]): Buffer {
  const sizeBytes = content.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([idBytes(id), variableSize(sizeBytes), ...content]);
}

export function unsignedElement(id: number, value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return element(id, Buffer.from(bytes));
}

export function floatElement(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return element(id, bytes);
}

export function textElement(id: number, text: string): Buffer {
  return element(id, Buffer.from(text, 'utf8'));
}

/** An id carries its own length: it is written as it stands. */
export function idBytes(id: number): Buffer {
  const bytes: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from(bytes);
}

/** RFC 8794 section 4.4; four bytes, enough for any header. */
function variableSize(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(0x10000000 + sizeBytes);
  return bytes;
}
