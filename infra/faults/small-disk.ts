/** A disk that is soon full: a tmpfs of its own. Only root on Linux can have one. */
import { execFile } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Why there can be none here. */
  static unavailable(): string | undefined {
    if (process.platform === 'linux' && process.getuid?.() === 0) return undefined;
    return 'needs a tmpfs, which only root on Linux can mount';
  }

  static async mount(folder: string, bytes: number): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
    return new SmallDisk(folder);
  }

  async resize(bytes: number): Promise<void> {
    await run('mount', ['-o', `remount,size=${bytes}`, this.folder]);
  }

  /** Another program's file that leaves nothing free. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const file = await open(join(this.folder, 'of-another-program'), 'w');
    const block = Buffer.alloc(bsize);
    try {
      for (let blocks = 0; blocks < bavail; blocks++) await file.write(block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(join(this.folder, 'of-another-program'), { force: true });
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.folder]);
  }
}
