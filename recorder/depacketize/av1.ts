/**
 * AV1 (RTP Payload Format For AV1, version 1.0.0, section 4): packets in order → temporal units in low-overhead format:
 * OBUs with their sizes restored, temporal delimiters, tile lists and padding left out.
 *
 * Dropped and counted: padding; temporal units without their beginning or with a gap.
 */
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { readAv1Size } from './av1-size.ts';
import { beginsSequence } from './dependency-descriptor.ts';
import type { PictureSize } from './picture-size.ts';
import type { FinishedFrame, FrameBuilder } from './video-frame-collector.ts';

const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
const FRAME_HEADER = 3;
const FRAME = 6;
const TILE_LIST = 8;
const PADDING = 15;
const leftOut = new Set([TEMPORAL_DELIMITER, TILE_LIST, PADDING]);
/** Tiles, layers and metadata of one picture; more is an attack on memory. */
const MOST_OBUS = 1024;
const MOST_LEB128_BYTES = 8;
/** One byte, one of layer ids, and the size: a fragment may end within. */
const MOST_HEADER_BYTES = 2 + MOST_LEB128_BYTES;

/** Z unset and N set: the first packet of a coded video sequence (section 4.4). Some senders tell it by the descriptor only. */
export function startsAv1Keyframe(payload: Uint8Array, dependencyDescriptor?: Uint8Array): boolean {
  const aggregation = payload[0] ?? 0x80;
  return (aggregation & 0x80) === 0 && ((aggregation & 0x08) !== 0 || beginsSequence(dependencyDescriptor));
}

interface Obu {
  pieces: Uint8Array[];
  bytes: number;
}

export class Av1FrameBuilder implements FrameBuilder {
  readonly needsMarker = true;
  #obus: Obu[] = [];
  #bytes = 0;
  /** The last OBU goes on in the next packet. */
  #isOpen = false;

  get sizeBytes(): number {
    return this.#obus.length > MOST_OBUS ? Number.POSITIVE_INFINITY : this.#bytes;
  }

  add({ payload }: RtpPacket): boolean {
    const aggregation = payload[0] ?? 0;
    const continues = (aggregation & 0x80) !== 0;
    const count = (aggregation >> 4) & 3;
    if (continues !== this.#isOpen) return false;
    let at = 1;
    for (let element = 1; at < payload.length; element += 1) {
      let end = payload.length;
      // With a count, the last element has no length.
      if (count === 0 || element < count) {
        const length = readLeb128(payload, at);
        if (!length) return false;
        at += length.bytes;
        end = at + length.value;
      }
      if (end > payload.length || (count !== 0 && element > count)) return false;
      this.#addElement(payload.subarray(at, end), element === 1 && continues);
      at = end;
    }
    this.#isOpen = (aggregation & 0x40) !== 0;
    return true;
  }

  finish(): FinishedFrame {
    if (this.#isOpen || this.#obus.length === 0) {
      this.clear();
      return 'incomplete';
    }
    const sized: { header: Uint8Array; body: Uint8Array[] }[] = [];
    let total = 0;
    let isKeyframe: boolean | undefined;
    let size: PictureSize | undefined;
    for (const obu of this.#obus) {
      const parsed = parseObu(obu);
      if (!parsed) {
        this.clear();
        return 'malformed';
      }
      if (leftOut.has(parsed.type)) continue;
      if (parsed.type === SEQUENCE_HEADER) size = readAv1Size(Buffer.concat(parsed.body));
      // show_existing_frame unset and frame_type 0 (section 5.9.2 of the AV1 specification).
      if (parsed.type === FRAME || parsed.type === FRAME_HEADER)
        isKeyframe ??= ((parsed.body[0]?.[0] ?? 0xff) & 0xe0) === 0;
      sized.push(parsed);
      total += parsed.header.length + parsed.bodyBytes;
    }
    this.clear();
    if (isKeyframe === undefined) return 'malformed';
    const data = Buffer.allocUnsafe(total);
    let at = 0;
    for (const { header, body } of sized) {
      data.set(header, at);
      at += header.length;
      for (const piece of body) {
        data.set(piece, at);
        at += piece.length;
      }
    }
    return { data, isKeyframe, width: size?.width, height: size?.height };
  }

  clear(): void {
    this.#obus = [];
    this.#bytes = 0;
    this.#isOpen = false;
  }

  #addElement(bytes: Uint8Array, continues: boolean): void {
    const last = this.#obus.at(-1);
    this.#bytes += bytes.length;
    if (continues && last) {
      last.pieces.push(bytes);
      last.bytes += bytes.length;
    } else if (bytes.length > 0) {
      this.#obus.push({ pieces: [bytes], bytes: bytes.length });
    }
  }
}

/** An OBU as sent, with or without its size → its header with the size, and its body. */
function parseObu({
  pieces,
  bytes,
}: Obu): { type: number; header: Uint8Array; body: Uint8Array[]; bodyBytes: number } | undefined {
  const [first, ...rest] = (pieces[0]?.length ?? 0) < MOST_HEADER_BYTES ? [Buffer.concat(pieces)] : pieces;
  const start = first?.[0];
  if (!first || start === undefined || start & 0x80) return undefined; // forbidden bit
  const hasExtension = (start & 0x04) !== 0;
  let headerBytes = hasExtension ? 2 : 1;
  let bodyBytes = bytes - headerBytes;
  if (start & 0x02) {
    const size = readLeb128(first, headerBytes);
    if (!size) return undefined;
    headerBytes += size.bytes;
    if (size.value !== bytes - headerBytes) return undefined;
    bodyBytes = size.value;
  }
  if (bodyBytes < 0 || headerBytes > first.length) return undefined;
  const header = [start | 0x02, ...(hasExtension ? [first[1] ?? 0] : []), ...leb128(bodyBytes)];
  return {
    type: (start >> 3) & 15,
    header: Uint8Array.from(header),
    body: [first.subarray(headerBytes), ...rest],
    bodyBytes,
  };
}

function readLeb128(bytes: Uint8Array, at: number): { value: number; bytes: number } | undefined {
  let value = 0;
  for (let index = 0; index < MOST_LEB128_BYTES; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (index * 7);
    if ((byte & 0x80) === 0) return { value, bytes: index + 1 };
  }
  return undefined;
}

function leb128(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    out.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return out;
}
