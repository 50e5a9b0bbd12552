/** Bits, highest first, into bytes. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;

  write(value: number, bits: number): this {
    for (let bit = bits - 1; bit >= 0; bit--) {
      if ((this.#bits & 7) === 0) this.#bytes.push(0);
      const last = this.#bytes.length - 1;
      this.#bytes[last] = (this.#bytes[last] ?? 0) | (((value >> bit) & 1) << (7 - (this.#bits & 7)));
      this.#bits += 1;
    }
    return this;
  }

  /** The last byte is filled with zeros. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
