/**
 * Walks a finished file while it is written, from its first byte to its last, before anyone is told that it is there: every part
 * begins where the one before ends, the last one ends with the file, and the sample tables of MP4 describe the media data
 * that is there, to the byte. Heads only are looked at, one every two seconds of WebM.
 */
import type { Container } from '../contract/media.ts';

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const SEGMENT_CHILDREN: ReadonlyMap<number, string> = new Map([
  [0x114d9b74, 'SeekHead'],
  [0x1549a966, 'Info'],
  [0x1654ae6b, 'Tracks'],
  [0x1f43b675, 'Cluster'],
  [0x1c53bb6b, 'Cues'],
  [0xec, 'Void'],
]);
/** Id and size of an element, or a box with its 64-bit size. */
const HEAD_BYTES = 16;

/** What knows a container: is shown the head of each element in turn. */
interface Walk {
  /**
   * @param head of the element at this position: 16 bytes, fewer at the end of the file only
   * @returns where the next one begins, or how many bytes of this one are needed to tell
   */
  visit(head: Buffer, position: number): { next: number } | { neededBytes: number };
  /** @throws when what was seen is no whole file */
  end(sizeBytes: number): void;
}

export class FileCheck {
  readonly #name: string;
  readonly #walk: Walk;
  #sizeBytes = 0;
  /** Where the element begins that is looked at next. */
  #next = 0;
  #neededBytes = HEAD_BYTES;
  /** From there on, as long as it is not enough. */
  #pending: Buffer = Buffer.alloc(0);

  constructor(name: string, container: Container) {
    this.#name = name;
    this.#walk = container === 'webm' ? new WebmWalk() : new Mp4Walk();
  }

  /** @throws a plain Error that says where it is wrong: a defect of ours */
  write(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length;
    // Most of the bytes are inside of an element, and nothing waits.
    if (this.#next >= this.#sizeBytes) return;
    const from = this.#sizeBytes - bytes.length;
    const known =
      this.#pending.length === 0 ? asBuffer(bytes).subarray(this.#next - from) : Buffer.concat([this.#pending, bytes]);
    this.#visit(known, (available) => available >= this.#neededBytes);
  }

  /** @throws as `write` does, also when the file is not whole */
  end(): void {
    this.#visit(this.#pending, (available) => available > 0);
    this.#named(() => {
      if (this.#next !== this.#sizeBytes) throw new Error(`it has ${this.#sizeBytes} bytes where ${this.#next} belong`);
      this.#walk.end(this.#sizeBytes);
    });
  }

  /** @param known from where the next element begins */
  #visit(known: Buffer, isEnough: (availableBytes: number) => boolean): void {
    let rest = known;
    this.#named(() => {
      while (isEnough(rest.length)) {
        const found = this.#walk.visit(rest.subarray(0, this.#neededBytes), this.#next);
        if ('neededBytes' in found) {
          if (found.neededBytes <= this.#neededBytes) throw new Error(`the element at byte ${this.#next} is cut off`);
          this.#neededBytes = found.neededBytes;
          continue;
        }
        rest = rest.subarray(found.next - this.#next);
        this.#next = found.next;
        this.#neededBytes = HEAD_BYTES;
      }
    });
    this.#pending = Buffer.from(rest);
  }

  #named(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw new Error(`The finished file ${this.#name} is broken: ${(error as Error).message}.`, { cause: error });
    }
  }
}

class WebmWalk implements Walk {
  readonly #seen = new Set<string>();
  #document = false;
  #segmentEnd: number | undefined;

  visit(head: Buffer, position: number): { next: number } {
    const { id, contentStart, end } = readElement(head, position);
    if (!this.#document) {
      if (id !== EBML) throw new Error('it does not begin as WebM does');
      this.#document = true;
      return { next: end };
    }
    if (this.#segmentEnd === undefined) {
      if (id !== SEGMENT) throw new Error(`another element is at byte ${position}`);
      this.#segmentEnd = end;
      return { next: contentStart };
    }
    const name = SEGMENT_CHILDREN.get(id);
    if (!name) throw new Error(`there is no element at byte ${position}`);
    if (end > this.#segmentEnd) throw new Error(`${name} at byte ${position} reaches past the end`);
    this.#seen.add(name);
    return { next: end };
  }

  end(sizeBytes: number): void {
    if (this.#segmentEnd !== sizeBytes) throw new Error(`it has ${sizeBytes} bytes where ${this.#segmentEnd} belong`);
    for (const name of ['SeekHead', 'Info', 'Tracks', 'Cluster', 'Cues']) {
      if (!this.#seen.has(name)) throw new Error(`it has no ${name}`);
    }
  }
}

function readElement(head: Buffer, position: number) {
  const idLength = Math.clz32((head[0] ?? 0) << 24) + 1;
  const sizeLength = Math.clz32((head[idLength] ?? 0) << 24) + 1;
  if (idLength > 4 || sizeLength > 8 || idLength + sizeLength > head.length) {
    throw new Error(`there is no element at byte ${position}`);
  }
  const id = head.readUIntBE(0, idLength);
  let contentBytes = (head[idLength] ?? 0) & (0xff >> sizeLength);
  for (let index = 1; index < sizeLength; index += 1) contentBytes = contentBytes * 256 + (head[idLength + index] ?? 0);
  const contentStart = position + idLength + sizeLength;
  return { id, contentStart, end: contentStart + contentBytes };
}

/** What leads to the sample tables. */
const OPENED_BOXES = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);
/** A table is read in pieces: that of a day has tens of megabytes. */
const TABLE_PIECE_BYTES = 4096;

interface OpenTable {
  type: 'stsz' | 'co64';
  /** Where its next number is. */
  position: number;
  end: number;
}

class Mp4Walk implements Walk {
  readonly #boxes = new Set<string>();
  /** Where the boxes end in which the next one lies. */
  readonly #ends: number[] = [];
  #table: OpenTable | undefined;
  #sampleBytes = 0;
  #firstChunk = Number.POSITIVE_INFINITY;
  #lastChunk = 0;
  #media: { start: number; end: number } | undefined;

  visit(head: Buffer, position: number): { next: number } | { neededBytes: number } {
    if (this.#table) return this.#readTable(this.#table, head);
    if (head.length < 8) throw new Error(`there is no box at byte ${position}`);
    const isLarge = head.readUInt32BE(0) === 1;
    if (isLarge && head.length < HEAD_BYTES) throw new Error(`there is no box at byte ${position}`);
    const boxBytes = isLarge ? Number(head.readBigUInt64BE(8)) : head.readUInt32BE(0);
    if (boxBytes < 8) throw new Error(`there is no box at byte ${position}`);
    const type = head.toString('latin1', 4, 8);
    const headBytes = isLarge ? 16 : 8;
    const end = position + boxBytes;
    while (this.#ends.at(-1) === position) this.#ends.pop();
    if (end > (this.#ends.at(-1) ?? Number.POSITIVE_INFINITY)) throw new Error('a box in moov reaches past its end');
    this.#boxes.add(type);
    if (type === 'mdat') this.#media = { start: position + headBytes, end };
    if (OPENED_BOXES.has(type)) {
      this.#ends.push(end);
      return { next: position + headBytes };
    }
    if (type !== 'stsz' && type !== 'co64') return { next: end };
    // Behind version, flags and counts.
    this.#table = { type, position: position + headBytes + (type === 'stsz' ? 12 : 8), end };
    return { next: Math.min(end, this.#table.position) };
  }

  end(): void {
    const media = this.#media;
    if (!this.#boxes.has('ftyp') || !this.#boxes.has('moov') || !media) throw new Error('a box is missing');
    if (this.#sampleBytes !== media.end - media.start) {
      throw new Error(`its samples have ${this.#sampleBytes} bytes, its media data ${media.end - media.start}`);
    }
    for (const chunk of [this.#firstChunk, this.#lastChunk]) {
      if (chunk < media.start || chunk >= media.end) throw new Error(`a chunk lies at byte ${chunk}`);
    }
  }

  #readTable(table: OpenTable, bytes: Buffer): { next: number } | { neededBytes: number } {
    const wantedBytes = Math.min(TABLE_PIECE_BYTES, table.end - table.position);
    if (bytes.length < wantedBytes) return { neededBytes: wantedBytes };
    for (let at = 0; at < wantedBytes; at += table.type === 'stsz' ? 4 : 8) {
      if (table.type === 'stsz') this.#sampleBytes += bytes.readUInt32BE(at);
      else this.#addChunk(Number(bytes.readBigUInt64BE(at)));
    }
    table.position += wantedBytes;
    if (table.position >= table.end) this.#table = undefined;
    return { next: table.position };
  }

  #addChunk(position: number): void {
    this.#firstChunk = Math.min(this.#firstChunk, position);
    this.#lastChunk = Math.max(this.#lastChunk, position);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
