/** Reads bits, most significant first, and exp-Golomb numbers (ITU-T H.264 section 9.1). Past the end come zeros. */
export class BitReader {
  #position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  bit(): number {
    const byte = this.bytes[this.#position >> 3] ?? 0;
    const bit = (byte >> (7 - (this.#position & 7))) & 1;
    this.#position += 1;
    return bit;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  /** Up to 32 bits. */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value = value * 2 + this.bit();
    return value;
  }

  skip(count: number): void {
    this.#position += count;
  }

  /** ue(v) */
  unsignedGolomb(): number {
    let zeros = 0;
    while (zeros < 32 && this.#position < this.bytes.length * 8 && !this.flag()) zeros += 1;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** uvlc() of the AV1 specification, section 4.10.3: the same code. */
  uvlc(): number {
    return this.unsignedGolomb();
  }
}
