/**
 * Numbers as tables of a file hold them: 32 bits each, highest byte first. In pieces: a long one neither is copied while it grows, nor
 * takes more than the file will.
 */
const LEAST_PIECE_BYTES = 4096;
const MOST_PIECE_BYTES = 65_536;

export class Uint32Table {
  readonly #pieces: Buffer[] = [];
  #last: Buffer = Buffer.alloc(0);
  #usedBytes = 0;
  /** Numbers in it. */
  length = 0;

  push(value: number): void {
    if (this.#usedBytes === this.#last.length) {
      this.#last = Buffer.alloc(Math.min(MOST_PIECE_BYTES, Math.max(LEAST_PIECE_BYTES, this.length * 4)));
      this.#pieces.push(this.#last);
      this.#usedBytes = 0;
    }
    this.#usedBytes = this.#last.writeUInt32BE(value, this.#usedBytes);
    this.length += 1;
  }

  get pieces(): Uint8Array[] {
    return [...this.#pieces.slice(0, -1), this.#last.subarray(0, this.#usedBytes)];
  }
}
