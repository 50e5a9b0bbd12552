/**
 * A RED payload (RFC 2198 section 3) → its blocks, oldest first, the primary one last. Malformed ones give undefined.
 */
import { readUint16 } from './parse-rtp.ts';

export interface RedBlock {
  payloadType: number;
  /** How much older than the packet the block is, in ticks; 0 for the primary. */
  timestampOffset: number;
  payload: Uint8Array;
}

/** Publishers send one or two; a packet that claims more is not worth the memory. */
const MOST_BLOCKS = 8;

export function parseRed(payload: Uint8Array): RedBlock[] | undefined {
  const blocks: { payloadType: number; timestampOffset: number; size: number }[] = [];
  let position = 0;
  for (;;) {
    const first = payload[position];
    if (first === undefined || blocks.length === MOST_BLOCKS) return undefined;
    if ((first & 0x80) === 0) {
      blocks.push({ payloadType: first & 0x7f, timestampOffset: 0, size: -1 });
      position += 1;
      break;
    }
    if (position + 4 > payload.length) return undefined;
    const word = ((payload[position + 1] ?? 0) << 16) | readUint16(payload, position + 2);
    blocks.push({ payloadType: first & 0x7f, timestampOffset: word >> 10, size: word & 0x3ff });
    position += 4;
  }
  const out: RedBlock[] = [];
  for (const { payloadType, timestampOffset, size } of blocks) {
    const end = size === -1 ? payload.length : position + size;
    if (end > payload.length) return undefined;
    out.push({ payloadType, timestampOffset, payload: payload.subarray(position, end) });
    position = end;
  }
  return out;
}
