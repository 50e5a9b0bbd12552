/**
 * Redundant audio (RFC 2198): each packet also carries the one or two packets before it, so that a single loss costs
 * nothing. A block that is too old or too large for its header (section 3: 14 bits of ticks, 10 of length) is left away.
 *
 * After a hole in time, as DTX makes them, there is nothing recent to repeat: the packet has its primary block only.
 */
import type { RtpPayload } from './packetizer.ts';

const FOLLOWED = 0x80;
const MOST_OFFSET_TICKS = 0x3fff;
const MOST_BLOCK_BYTES = 0x3ff;

export interface RedWriterOptions {
  /** Payload type of the blocks, which is not that of the packet. */
  blockPayloadType: number;
  /** How many earlier packets are repeated; WebRTC does 1. */
  distance?: number;
}

export class RedWriter {
  readonly #blockPayloadType: number;
  readonly #distance: number;
  readonly #earlier: { timestamp: number; data: Uint8Array }[] = [];

  constructor({ blockPayloadType, distance = 1 }: RedWriterOptions) {
    this.#blockPayloadType = blockPayloadType;
    this.#distance = distance;
  }

  /** In the order of sending. `timestamp`: 32 bits, as on the wire. */
  write(data: Uint8Array, timestamp: number): RtpPayload {
    const headers: Uint8Array[] = [];
    const blocks: Uint8Array[] = [];
    for (const earlier of this.#earlier) {
      const offset = (timestamp - earlier.timestamp) >>> 0;
      if (offset > MOST_OFFSET_TICKS || earlier.data.length > MOST_BLOCK_BYTES) continue;
      const word = (offset << 10) | earlier.data.length;
      headers.push(Uint8Array.of(FOLLOWED | this.#blockPayloadType, word >> 16, (word >> 8) & 0xff, word & 0xff));
      blocks.push(earlier.data);
    }
    this.#earlier.push({ timestamp, data });
    if (this.#earlier.length > this.#distance) this.#earlier.shift();
    return { parts: [...headers, Uint8Array.of(this.#blockPayloadType), ...blocks, data] };
  }
}
