/**
 * An Ogg file with one Opus stream (RFC 3533, RFC 7845) → its packets. Packets may go on over pages; the first two are
 * headers.
 */

export interface OggOpusFile {
  channels: number;
  packets: Uint8Array[];
}

const PAGE_HEADER_BYTES = 27;

export function readOggOpus(bytes: Buffer): OggOpusFile {
  const [head, tags, ...packets] = oggPackets(bytes);
  if (head?.toString('latin1', 0, 8) !== 'OpusHead' || tags?.toString('latin1', 0, 8) !== 'OpusTags') {
    throw new Error('Not an Ogg Opus file: OpusHead and OpusTags must come first.');
  }
  return { channels: head[9] ?? 1, packets };
}

function oggPackets(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let pieces: Buffer[] = [];
  let position = 0;
  while (position + PAGE_HEADER_BYTES <= bytes.length) {
    if (bytes.toString('latin1', position, position + 4) !== 'OggS')
      throw new Error('An Ogg page must begin with OggS.');
    // Each lace is a piece of up to 255 bytes; a shorter one ends the packet (RFC 3533 section 5).
    const laces = bytes.subarray(
      position + PAGE_HEADER_BYTES,
      position + PAGE_HEADER_BYTES + (bytes[position + 26] ?? 0),
    );
    position += PAGE_HEADER_BYTES + laces.length;
    for (const lace of laces) {
      pieces.push(bytes.subarray(position, position + lace));
      position += lace;
      if (lace === 255) continue;
      packets.push(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
      pieces = [];
    }
  }
  return packets;
}
