/** An RTP packet as bytes (RFC 3550 section 5.1), header extensions in the one-byte form (RFC 8285 section 4.2). */

export interface RtpHeader {
  payloadType: number;
  /** 16 bits. */
  sequenceNumber: number;
  /** 32 bits. */
  timestamp: number;
  ssrc: number;
  marker: boolean;
}

export interface HeaderExtension {
  /** 1 to 14. */
  id: number;
  /** 1 to 16 bytes. */
  value: Uint8Array;
}

const FIXED_HEADER_BYTES = 12;
const HAS_EXTENSION = 0x10;
const ONE_BYTE_PROFILE = 0xbede;

export function buildRtp(
  header: RtpHeader,
  extensions: readonly HeaderExtension[],
  payload: readonly Uint8Array[],
): Buffer {
  let extensionBytes = 0;
  for (const { id, value } of extensions) {
    if (id < 1 || id > 14 || value.length < 1 || value.length > 16) {
      throw new RangeError(`header extension ${id} of ${value.length} bytes does not fit the one-byte form`);
    }
    extensionBytes += 1 + value.length;
  }
  const extensionWords = Math.ceil(extensionBytes / 4);
  let length = FIXED_HEADER_BYTES + (extensionBytes > 0 ? 4 + extensionWords * 4 : 0);
  let position = FIXED_HEADER_BYTES;
  for (const part of payload) length += part.length;

  const out = Buffer.allocUnsafe(length);
  out[0] = 0x80 | (extensionBytes > 0 ? HAS_EXTENSION : 0);
  out[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  out.writeUInt16BE(header.sequenceNumber, 2);
  out.writeUInt32BE(header.timestamp, 4);
  out.writeUInt32BE(header.ssrc, 8);
  if (extensionBytes > 0) {
    out.writeUInt16BE(ONE_BYTE_PROFILE, position);
    out.writeUInt16BE(extensionWords, position + 2);
    position += 4;
    const end = position + extensionWords * 4;
    for (const { id, value } of extensions) {
      out[position] = (id << 4) | (value.length - 1);
      out.set(value, position + 1);
      position += 1 + value.length;
    }
    out.fill(0, position, end);
    position = end;
  }
  for (const part of payload) {
    out.set(part, position);
    position += part.length;
  }
  return out;
}

/** The same packet for a stream of retransmissions (RFC 4588 section 4): its sequence number moves into the payload. */
export function buildRtx(packet: Buffer, rtx: { payloadType: number; ssrc: number; sequenceNumber: number }): Buffer {
  const headerBytes =
    FIXED_HEADER_BYTES + ((packet[0] ?? 0) & HAS_EXTENSION ? 4 + packet.readUInt16BE(FIXED_HEADER_BYTES + 2) * 4 : 0);
  const out = Buffer.allocUnsafe(packet.length + 2);
  packet.copy(out, 0, 0, headerBytes);
  packet.copy(out, headerBytes, 2, 4);
  packet.copy(out, headerBytes + 2, headerBytes);
  out[1] = ((packet[1] ?? 0) & 0x80) | rtx.payloadType;
  out.writeUInt16BE(rtx.sequenceNumber, 2);
  out.writeUInt32BE(rtx.ssrc, 8);
  return out;
}
