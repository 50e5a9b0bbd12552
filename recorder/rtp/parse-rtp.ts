/**
 * Bytes of an RTP packet → RtpPacket (RFC 3550 section 5.1, header extensions RFC 8285).
 *
 * The payload is a view of the bytes given: nothing is copied. Malformed packets give undefined.
 */
import type { RtpPacket } from './rtp-packet.ts';

const FIXED_HEADER_BYTES = 12;
const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;

/** RTCP shares the port; its packet types 192 to 223 cannot be RTP payload types (RFC 5761 section 4). */
export function isRtcp(bytes: Uint8Array): boolean {
  const second = bytes[1] ?? 0;
  return second >= 192 && second <= 223;
}

/** The SSRC of an RTP packet, without parsing the rest. */
export function ssrcOf(bytes: Uint8Array): number {
  return readUint32(bytes, 8);
}

export function parseRtp(bytes: Uint8Array, receivedAtMicros: number): RtpPacket | undefined {
  const length = bytes.length;
  const first = bytes[0] ?? 0;
  if (length < FIXED_HEADER_BYTES || first >> 6 !== 2) return undefined;
  const second = bytes[1] ?? 0;

  let start = FIXED_HEADER_BYTES + (first & 0x0f) * 4;
  let extensions: Map<number, Uint8Array> | undefined;
  if (first & 0x10) {
    if (start + 4 > length) return undefined;
    const profile = readUint16(bytes, start);
    const end = start + 4 + readUint16(bytes, start + 2) * 4;
    if (end > length) return undefined;
    extensions = parseExtensions(bytes, start + 4, end, profile);
    start = end;
  }

  let end = length;
  if (first & 0x20) {
    const padding = bytes[length - 1] ?? 0;
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;

  return {
    ssrc: readUint32(bytes, 8),
    payloadType: second & 0x7f,
    sequenceNumber: readUint16(bytes, 2),
    timestamp: readUint32(bytes, 4),
    marker: (second & 0x80) !== 0,
    payload: bytes.subarray(start, end),
    extensions,
    receivedAtMicros,
  };
}

/** Elements that do not fit end the reading, as RFC 8285 section 4.2 asks; what came before them stands. */
function parseExtensions(
  bytes: Uint8Array,
  start: number,
  end: number,
  profile: number,
): Map<number, Uint8Array> | undefined {
  const twoByte = (profile & 0xfff0) === TWO_BYTE_PROFILE;
  if (!twoByte && profile !== ONE_BYTE_PROFILE) return undefined;
  const found = new Map<number, Uint8Array>();
  let position = start;
  while (position < end) {
    const head = bytes[position] ?? 0;
    position += 1;
    if (head === 0) continue; // padding
    let id: number;
    let size: number;
    if (twoByte) {
      if (position >= end) break;
      id = head;
      size = bytes[position] ?? 0;
      position += 1;
    } else {
      id = head >> 4;
      if (id === 15) break;
      size = (head & 0x0f) + 1;
    }
    if (position + size > end) break;
    found.set(id, bytes.subarray(position, position + size));
    position += size;
  }
  return found;
}

export function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return readUint16(bytes, at) * 0x10000 + readUint16(bytes, at + 2);
}
