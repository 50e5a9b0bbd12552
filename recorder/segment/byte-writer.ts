/** Writes into one buffer whose size was computed beforehand. Big-endian, as both containers are. */
export class ByteWriter {
  readonly bytes: Buffer;
  position = 0;

  /** @param memory of that size, whatever is in it. */
  constructor(sizeBytes: number, memory: Buffer = Buffer.allocUnsafe(sizeBytes)) {
    this.bytes = memory;
  }

  u8(value: number): void {
    this.bytes[this.position] = value;
    this.position += 1;
  }

  u16(value: number): void {
    this.position = this.bytes.writeUInt16BE(value & 0xffff, this.position);
  }

  u24(value: number): void {
    this.position = this.bytes.writeUIntBE(value, this.position, 3);
  }

  u32(value: number): void {
    this.position = this.bytes.writeUInt32BE(value >>> 0, this.position);
  }

  /** A non-negative integer up to 2^53 in eight bytes. */
  u64(value: number): void {
    this.u32(Math.floor(value / 2 ** 32));
    this.u32(value % 2 ** 32);
  }

  ascii(text: string): void {
    this.position += this.bytes.write(text, this.position, 'latin1');
  }

  data(data: Uint8Array): void {
    this.bytes.set(data, this.position);
    this.position += data.length;
  }

  /** The buffer, which must be full by now. */
  finish(): Buffer {
    if (this.position !== this.bytes.length) {
      throw new Error(`Wrote ${this.position} bytes where ${this.bytes.length} were computed.`);
    }
    return this.bytes;
  }
}
