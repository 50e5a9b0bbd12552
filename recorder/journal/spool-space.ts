/**
 * How much of the disk the spool may take, for all recordings of a process together.
 *
 * In: a claim for every segment before it is written; an offer for every segment that is also in the store. When a
 * claim does not fit, offered files are deleted, oldest first, until it does. What is not yet in the store is never
 * deleted: then the claim fails with `spool.full`, and the recording ends with what it has.
 */
import { statfs, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { failureReasons } from '../contract/report.ts';
import { TaskError } from '../task-error.ts';

/** Left free for whoever else lives on the disk. A database on a full disk stops; 256 MiB is a minute's warning. */
const maxReserveBytes = 256 * 1024 * 1024;
/** On a small disk the reserve is this part of it instead. */
const reserveShare = 0.02;
/** With less room than this share of the bound, or this many reserves on the disk, it is time to say so: minutes, not seconds. */
const warningShare = 0.25;
const warningReserves = 4;
/** The disk is asked this often; in between, what was written and freed here is added up. */
const freshForMicros = 1_000_000;

export interface DiskSpace {
  totalBytes: number;
  freeBytes: number;
}

export interface SpoolSpaceOptions {
  dir: string;
  /** Bound on the spool's own size. Default: none but the disk. */
  limitBytes?: number;
  clock?: Clock;
  diskSpace?: (dir: string) => Promise<DiskSpace>;
}

/** A file that may be deleted, because the store has it. */
export interface FreeableFile {
  path: string;
  sizeBytes: number;
}

const spaces = new Map<string, SpoolSpace>();

export class SpoolSpace {
  readonly dir: string;
  readonly limitBytes: number;
  readonly #clock: Clock;
  readonly #diskSpace: (dir: string) => Promise<DiskSpace>;
  /** In the order they were stored: a Set iterates as it was filled. */
  readonly #freeable = new Set<FreeableFile>();
  #freeableBytes = 0;
  #usedBytes = 0;
  #disk: DiskSpace | undefined;
  #diskAskedAtMicros = 0;

  constructor(options: SpoolSpaceOptions) {
    this.dir = options.dir;
    this.limitBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
    this.#clock = options.clock ?? systemClock;
    this.#diskSpace = options.diskSpace ?? askDisk;
  }

  /** The one of this process for a folder. Limits given by the first caller stay. */
  static of(dir: string, options: Omit<SpoolSpaceOptions, 'dir'> = {}): SpoolSpace {
    const path = resolve(dir);
    const space = spaces.get(path) ?? new SpoolSpace({ ...options, dir: path });
    spaces.set(path, space);
    return space;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** A sentence, well before recordings end for want of room. */
  get warning(): string | undefined {
    if (!this.#disk) return undefined;
    const reserveBytes = reserveOf(this.#disk);
    const onDiskBytes = this.#disk.freeBytes + this.#freeableBytes - reserveBytes;
    const withinLimitBytes = this.limitBytes - this.#usedBytes + this.#freeableBytes;
    const isNear = onDiskBytes < reserveBytes * warningReserves || withinLimitBytes < this.limitBytes * warningShare;
    if (!isNear) return undefined;
    const room = megabytes(Math.max(0, Math.min(onDiskBytes, withinLimitBytes)));
    return `The spool folder ${this.dir} is filling up: after ${room} more, recordings end. Make room there, or see why uploads do not get through.`;
  }

  /** Counts bytes that are about to be written, after making room for them. */
  async claim(bytes: number): Promise<void> {
    for (;;) {
      const disk = await this.#currentDisk();
      const reserveBytes = reserveOf(disk);
      if (this.#usedBytes + bytes <= this.limitBytes && bytes + reserveBytes <= disk.freeBytes) {
        this.#count(bytes);
        return;
      }
      const [oldest] = this.#freeable;
      if (!oldest) throw this.#full(disk);
      await this.#free(oldest);
    }
  }

  /** Counts bytes found on disk, left by an earlier process. */
  adopt(bytes: number): void {
    this.#usedBytes += bytes;
  }

  /** Bytes that were claimed are gone from the disk, or were never written. */
  release(bytes: number): void {
    this.#count(-bytes);
  }

  /** This file is in the store as well. Returns a way to take the offer back: false when the file is already freed. */
  offer(file: FreeableFile): () => boolean {
    this.#freeable.add(file);
    this.#freeableBytes += file.sizeBytes;
    return () => this.#withdraw(file);
  }

  async #free(file: FreeableFile): Promise<void> {
    this.#withdraw(file);
    this.#count(-file.sizeBytes);
    await unlink(file.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  #withdraw(file: FreeableFile): boolean {
    const isThere = this.#freeable.delete(file);
    if (isThere) this.#freeableBytes -= file.sizeBytes;
    return isThere;
  }

  #count(bytes: number): void {
    this.#usedBytes += bytes;
    if (this.#disk) this.#disk.freeBytes -= bytes;
  }

  async #currentDisk(): Promise<DiskSpace> {
    const nowMicros = this.#clock.monotonicMicros();
    if (!this.#disk || nowMicros - this.#diskAskedAtMicros >= freshForMicros) {
      this.#disk = await this.#diskSpace(this.dir);
      this.#diskAskedAtMicros = nowMicros;
    }
    return this.#disk;
  }

  #full(disk: DiskSpace): TaskError {
    const used = megabytes(this.#usedBytes);
    const bound = Number.isFinite(this.limitBytes) ? ` of at most ${megabytes(this.limitBytes)}` : '';
    return new TaskError(
      failureReasons.spoolFull,
      `The spool folder ${this.dir} is full: ${used}${bound} wait for upload and the disk has ${megabytes(disk.freeBytes)} free. Make room there, or see why uploads do not get through.`,
      'system',
      true,
    );
  }
}

function reserveOf(disk: DiskSpace): number {
  return Math.min(maxReserveBytes, disk.totalBytes * reserveShare);
}

async function askDisk(dir: string): Promise<DiskSpace> {
  const disk = await statfs(dir);
  return { totalBytes: disk.blocks * disk.bsize, freeBytes: disk.bavail * disk.bsize };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
