import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';

export interface WrittenFile {
  path: string;
  sizeBytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** A local file written once from front to back and hashed on the way, so that it need not be read again for that. */
export class OutputFile {
  readonly #hash = createHash('sha256');
  /** Where the next byte goes. */
  positionBytes = 0;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Replaces what an interrupted run may have left, which may be an object of the store by now and so is not written over. */
  static async create(path: string): Promise<OutputFile> {
    await rm(path, { force: true });
    return new OutputFile(path, await open(path, 'wx'));
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    let writtenBytes = 0;
    while (writtenBytes < bytes.length) {
      const { bytesWritten } = await this.handle.write(bytes, writtenBytes);
      writtenBytes += bytesWritten;
    }
    this.positionBytes += bytes.length;
  }

  async finish(): Promise<WrittenFile> {
    await this.handle.close();
    return { path: this.path, sizeBytes: this.positionBytes, sha256: this.#hash.digest('hex') };
  }

  async abort(): Promise<void> {
    await this.handle.close().catch(() => {});
  }
}
