/**
 * Collects NAL units, whole or in fragments, and makes one frame of them in which each stands behind a 4-byte length.
 * Payloads are copied once.
 */
const LENGTH_BYTES = 4;
/** Far more than the packets of the largest frame: aggregates of tiny units must not eat the memory. */
const MOST_PIECES = 65_536;

export class NalUnitList {
  readonly #pieces: Uint8Array[] = [];
  readonly #unitOfPiece: number[] = [];
  readonly #unitBytes: number[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  get sizeBytes(): number {
    return this.#pieces.length > MOST_PIECES ? Number.POSITIVE_INFINITY : this.#bytes;
  }

  /** A whole unit, or the first piece of one. */
  begin(piece: Uint8Array): void {
    this.#unitBytes.push(0);
    this.append(piece);
  }

  /** The next piece of the unit begun last. */
  append(piece: Uint8Array): void {
    const unit = this.#unitBytes.length - 1;
    this.#pieces.push(piece);
    this.#unitOfPiece.push(unit);
    this.#unitBytes[unit] = (this.#unitBytes[unit] ?? 0) + piece.length;
    this.#bytes += piece.length;
  }

  clear(): void {
    this.#pieces.length = 0;
    this.#unitOfPiece.length = 0;
    this.#unitBytes.length = 0;
    this.#bytes = 0;
  }

  take(): Uint8Array {
    const frame = Buffer.allocUnsafe(this.#bytes + this.#unitBytes.length * LENGTH_BYTES);
    let position = 0;
    let unit = -1;
    for (let index = 0; index < this.#pieces.length; index += 1) {
      const piece = this.#pieces[index];
      const of = this.#unitOfPiece[index];
      if (!piece || of === undefined) break;
      if (of !== unit) {
        unit = of;
        frame.writeUInt32BE(this.#unitBytes[unit] ?? 0, position);
        position += LENGTH_BYTES;
      }
      frame.set(piece, position);
      position += piece.length;
    }
    this.clear();
    return frame;
  }
}
