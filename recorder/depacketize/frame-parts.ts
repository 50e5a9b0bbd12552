/**
 * Collects the parts of one frame and makes one array of them: payloads are copied once, when the frame is whole, and
 * not at all when it came in one packet. Its own arrays are used again for every frame.
 */
export class FrameParts {
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#bytes += part.length;
  }

  clear(): void {
    this.#parts.length = 0;
    this.#bytes = 0;
  }

  take(): Uint8Array {
    const [only] = this.#parts;
    let frame: Uint8Array;
    if (this.#parts.length === 1 && only) {
      frame = only;
    } else {
      frame = Buffer.allocUnsafe(this.#bytes);
      let position = 0;
      for (const part of this.#parts) {
        frame.set(part, position);
        position += part.length;
      }
    }
    this.clear();
    return frame;
  }
}
