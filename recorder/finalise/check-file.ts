/**
 * Walks a finished file from its first byte to its last, before anyone is told that it is there: every part begins where the
 * one before ends, the last one ends with the file, and the sample tables of MP4 describe the media data that is there, to the byte.
 * Heads only are read, one every two seconds of WebM: an hour takes a tenth of a second.
 */
import { type FileHandle, open } from 'node:fs/promises';
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

/** @throws a plain Error that says where it is wrong: a defect of ours, or of the disk */
export async function checkFile(path: string, container: Container): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    await (container === 'webm' ? checkWebm(file, size) : checkMp4(file, size));
  } catch (error) {
    throw new Error(`The finished file ${path} is broken: ${(error as Error).message}.`, { cause: error });
  } finally {
    await file.close();
  }
}

async function checkWebm(file: FileHandle, sizeBytes: number): Promise<void> {
  const document = await readElement(file, 0, EBML);
  const segment = await readElement(file, document.end, SEGMENT);
  if (segment.end !== sizeBytes) throw new Error(`it has ${sizeBytes} bytes where ${segment.end} belong`);
  const seen = new Set<string>();
  for (let position = segment.contentStart; position < sizeBytes; ) {
    const child = await readElement(file, position);
    const name = SEGMENT_CHILDREN.get(child.id);
    if (!name) throw new Error(`there is no element at byte ${position}`);
    if (child.end > sizeBytes) throw new Error(`${name} at byte ${position} reaches past the end`);
    seen.add(name);
    position = child.end;
  }
  for (const name of ['SeekHead', 'Info', 'Tracks', 'Cluster', 'Cues']) {
    if (!seen.has(name)) throw new Error(`it has no ${name}`);
  }
}

async function readElement(file: FileHandle, position: number, expected?: number) {
  const head = await readBytes(file, position, HEAD_BYTES);
  const idLength = Math.clz32((head[0] ?? 0) << 24) + 1;
  const sizeLength = Math.clz32((head[idLength] ?? 0) << 24) + 1;
  if (idLength > 4 || sizeLength > 8 || idLength + sizeLength > head.length) {
    throw new Error(`there is no element at byte ${position}`);
  }
  const id = head.readUIntBE(0, idLength);
  if (expected !== undefined && id !== expected) throw new Error(`another element is at byte ${position}`);
  let contentBytes = (head[idLength] ?? 0) & (0xff >> sizeLength);
  for (let index = 1; index < sizeLength; index += 1) contentBytes = contentBytes * 256 + (head[idLength + index] ?? 0);
  const contentStart = position + idLength + sizeLength;
  return { id, contentStart, end: contentStart + contentBytes };
}

async function checkMp4(file: FileHandle, sizeBytes: number): Promise<void> {
  const boxes = new Map<string, { contentStart: number; end: number }>();
  for (let position = 0; position < sizeBytes; ) {
    const head = await readBytes(file, position, HEAD_BYTES);
    const isLarge = head.readUInt32BE(0) === 1;
    const boxBytes = isLarge ? Number(head.readBigUInt64BE(8)) : head.readUInt32BE(0);
    const end = position + boxBytes;
    if (boxBytes < 8 || end > sizeBytes) throw new Error(`the box at byte ${position} reaches past the end`);
    boxes.set(head.toString('latin1', 4, 8), { contentStart: position + (isLarge ? 16 : 8), end });
    position = end;
  }
  const moov = boxes.get('moov');
  const mdat = boxes.get('mdat');
  if (!boxes.has('ftyp') || !moov || !mdat) throw new Error('a box is missing');
  const tables = await readBytes(file, moov.contentStart, moov.end - moov.contentStart);
  let mediaBytes = 0;
  for (const size of boxesNamed(tables, ['trak', 'mdia', 'minf', 'stbl', 'stsz'])) {
    for (let at = 12; at + 4 <= size.length; at += 4) mediaBytes += size.readUInt32BE(at);
  }
  if (mediaBytes !== mdat.end - mdat.contentStart) {
    throw new Error(`its samples have ${mediaBytes} bytes, its media data ${mdat.end - mdat.contentStart}`);
  }
  for (const offsets of boxesNamed(tables, ['trak', 'mdia', 'minf', 'stbl', 'co64'])) {
    for (let at = 8; at + 8 <= offsets.length; at += 8) {
      const offset = Number(offsets.readBigUInt64BE(at));
      if (offset < mdat.contentStart || offset >= mdat.end) throw new Error(`a chunk lies at byte ${offset}`);
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

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
