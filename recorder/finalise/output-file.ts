import { createHash } from 'node:crypto';
import type { ObjectWriter } from '../../storage/object-store.ts';
import type { FileCheck } from './file-check.ts';

export interface WrittenFile {
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** A file written once from front to back, straight into the store; hashed and checked on the way, so that it is never read again. */
export class OutputFile {
  readonly #hash = createHash('sha256');
  readonly #check: FileCheck;
  readonly #writer: ObjectWriter;
  /** Where the next byte goes. */
  positionBytes = 0;

  constructor(writer: ObjectWriter, check: FileCheck) {
    this.#writer = writer;
    this.#check = check;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#check.write(bytes);
    this.positionBytes += bytes.length;
    await this.#writer.write(bytes);
  }

  async finish(): Promise<WrittenFile> {
    this.#check.end();
    const sha256 = this.#hash.digest('hex');
    await this.#writer.complete(sha256);
    return { sizeBytes: this.positionBytes, sha256 };
  }
}
