/** IVF, the simplest container of VP8, VP9 and AV1: a 32-byte header, then each frame behind its size and time. */

export interface IvfFile {
  width: number;
  height: number;
  frames: Uint8Array[];
}

const FRAME_HEADER_BYTES = 12;

export function readIvf(bytes: Buffer): IvfFile {
  if (bytes.toString('latin1', 0, 4) !== 'DKIF') throw new Error('Not an IVF file: it does not begin with DKIF.');
  const frames: Uint8Array[] = [];
  let position = bytes.readUInt16LE(6);
  while (position + FRAME_HEADER_BYTES <= bytes.length) {
    const start = position + FRAME_HEADER_BYTES;
    const end = start + bytes.readUInt32LE(position);
    if (end > bytes.length) throw new Error(`The IVF file ends within frame ${frames.length}.`);
    frames.push(bytes.subarray(start, end));
    position = end;
  }
  return { width: bytes.readUInt16LE(12), height: bytes.readUInt16LE(14), frames };
}
