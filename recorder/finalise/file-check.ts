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

class Mp4Walk implements Walk {
  readonly #boxes = new Set<string>();
  #tables: Buffer | undefined;
  #media: { start: number; end: number } | undefined;

  visit(head: Buffer, position: number): { next: number } | { neededBytes: number } {
    if (head.length < 8) throw new Error(`there is no box at byte ${position}`);
    const isLarge = head.readUInt32BE(0) === 1;
    if (isLarge && head.length < HEAD_BYTES) throw new Error(`there is no box at byte ${position}`);
    const boxBytes = isLarge ? Number(head.readBigUInt64BE(8)) : head.readUInt32BE(0);
    if (boxBytes < 8) throw new Error(`there is no box at byte ${position}`);
    const type = head.toString('latin1', 4, 8);
    const headBytes = isLarge ? 16 : 8;
    if (type === 'moov') {
      if (head.length < boxBytes) return { neededBytes: boxBytes };
      this.#tables = Buffer.from(head.subarray(headBytes, boxBytes));
    }
    if (type === 'mdat') this.#media = { start: position + headBytes, end: position + boxBytes };
    this.#boxes.add(type);
    return { next: position + boxBytes };
  }

  end(): void {
    const media = this.#media;
    const tables = this.#tables;
    if (!this.#boxes.has('ftyp') || !tables || !media) throw new Error('a box is missing');
    let mediaBytes = 0;
    for (const size of boxesNamed(tables, ['trak', 'mdia', 'minf', 'stbl', 'stsz'])) {
      for (let at = 12; at + 4 <= size.length; at += 4) mediaBytes += size.readUInt32BE(at);
    }
    if (mediaBytes !== media.end - media.start) {
      throw new Error(`its samples have ${mediaBytes} bytes, its media data ${media.end - media.start}`);
    }
    for (const offsets of boxesNamed(tables, ['trak', 'mdia', 'minf', 'stbl', 'co64'])) {
      for (let at = 8; at + 8 <= offsets.length; at += 8) {
        const offset = Number(offsets.readBigUInt64BE(at));
        if (offset < media.start || offset >= media.end) throw new Error(`a chunk lies at byte ${offset}`);
      }
    }
  }
}

/** The content of all boxes with this path. */
function boxesNamed(bytes: Buffer, [name, ...path]: readonly string[]): Buffer[] {
  if (name === undefined) return [bytes];
  const found: Buffer[] = [];
  for (let start = 0; start + 8 <= bytes.length; ) {
    const boxBytes = bytes.readUInt32BE(start);
    if (boxBytes < 8 || start + boxBytes > bytes.length) throw new Error('a box in moov reaches past its end');
    if (bytes.toString('latin1', start + 4, start + 8) === name) {
      found.push(...boxesNamed(bytes.subarray(start + 8, start + boxBytes), path));
    }
    start += boxBytes;
  }
  return found;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
