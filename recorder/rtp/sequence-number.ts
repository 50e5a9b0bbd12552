/**
 * Arithmetic on numbers that wrap: 16-bit sequence numbers (RFC 3550 section 5.1) and 32-bit timestamps. All of it is
 * here, because every comparison that forgets the wrap works for 22 minutes and then loses a recording.
 */

/**
 * How far `later` is ahead of `earlier` on the circle of 65536: from -32768 to 32767. Exactly half the circle apart
 * has no direction; it counts as behind.
 */
export function sequenceDistance(later: number, earlier: number): number {
  return ((later - earlier) << 16) >> 16;
}

/** How far timestamp `later` is ahead of `earlier` on the circle of 2^32: from -2^31 to 2^31 - 1. */
export function timestampDistance(later: number, earlier: number): number {
  return (later - earlier) | 0;
}

/** Gives sequence numbers that never wrap. Each is taken as the one nearest to the highest seen so far. */
export class SequenceExtender {
  #highest: number | undefined;

  /** Starts one circle up, so that packets from before the first one have positive numbers too. */
  extend(sequenceNumber: number): number {
    if (this.#highest === undefined) {
      this.#highest = 0x10000 + sequenceNumber;
      return this.#highest;
    }
    const extended = this.#highest + sequenceDistance(sequenceNumber, this.#highest & 0xffff);
    if (extended > this.#highest) this.#highest = extended;
    return extended;
  }

  /** The next number is a new beginning above all earlier ones, wherever it is on the circle. */
  restart(sequenceNumber: number): number {
    const circles = Math.floor((this.#highest ?? 0) / 0x10000) + 1;
    this.#highest = circles * 0x10000 + sequenceNumber;
    return this.#highest;
  }
}
