/**
 * How much of the disk the spool may take, for all recordings of a process together.
 *
 * In: a claim for every segment before it is written. When one does not fit, files that are also in the store are deleted until it
 * does: the oldest of the recording that has most of them. What is not yet in the store is never
 * deleted: then the claim fails with `spool.full`, and the recording ends with what it has.
 */
import { statfs } from 'node:fs/promises';
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

/** Files of one recording that may be deleted, because the store has them. */
export interface FreeableFiles {
  readonly freeableBytes: number;
  /** Deletes one and releases its bytes. */
  freeOldest(): Promise<void>;
}

const spaces = new Map<string, SpoolSpace>();

export class SpoolSpace {
  readonly dir: string;
  readonly limitBytes: number;
  readonly #clock: Clock;
  readonly #diskSpace: (dir: string) => Promise<DiskSpace>;
  readonly #freeable = new Set<FreeableFiles>();
  /** Claims that wait for each other: what one makes room for is not taken by the next. */
  #claims: Promise<unknown> = Promise.resolve();
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
    let freeableBytes = 0;
    for (const files of this.#freeable) freeableBytes += files.freeableBytes;
    const onDiskBytes = this.#disk.freeBytes + freeableBytes - reserveBytes;
    const withinLimitBytes = this.limitBytes - this.#usedBytes + freeableBytes;
    const isNear = onDiskBytes < reserveBytes * warningReserves || withinLimitBytes < this.limitBytes * warningShare;
    if (!isNear) return undefined;
    const room = megabytes(Math.max(0, Math.min(onDiskBytes, withinLimitBytes)));
    return `The spool folder ${this.dir} is filling up: after ${room} more, recordings end. Make room there, or see why uploads do not get through.`;
  }

  add(files: FreeableFiles): void {
    this.#freeable.add(files);
  }

  forget(files: FreeableFiles): void {
    this.#freeable.delete(files);
  }

  /** Counts bytes that are about to be written, after making room for them. */
  claim(bytes: number): Promise<void> {
    const claim = this.#claims.then(() => this.#claim(bytes));
    this.#claims = claim.catch(() => {});
    return claim;
  }

  /** Counts bytes found on disk, left by an earlier process. */
  adopt(bytes: number): void {
    this.#usedBytes += bytes;
  }

  /** Bytes that were claimed are gone from the disk, or were never written. */
  release(bytes: number): void {
    this.#count(-bytes);
  }

  async #claim(bytes: number): Promise<void> {
    for (;;) {
      const disk = await this.#currentDisk();
      const reserveBytes = reserveOf(disk);
      if (this.#usedBytes + bytes <= this.limitBytes && bytes + reserveBytes <= disk.freeBytes) {
        this.#count(bytes);
        return;
      }
      const most = this.#mostFreeable();
      if (!most) throw this.#full(disk);
      await most.freeOldest();
    }
  }

  #mostFreeable(): FreeableFiles | undefined {
    let most: FreeableFiles | undefined;
    for (const files of this.#freeable) if (files.freeableBytes > (most?.freeableBytes ?? 0)) most = files;
    return most;
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
