/**
 * The packets known to be missing, oldest first, and when to ask for each (NACK, RFC 4585 section 6.2.1).
 *
 * Each is asked for again every round trip until it comes or the jitter buffer gives it up. LiveKit answers a packet at
 * most three times and ignores what is asked sooner than two round trips (at most 100 ms) after it sent the packet;
 * asking too often costs a few bytes, asking too late costs a frame.
 */

/** Packets overtaking each other on the path are not lost: most have come within this time. */
const REORDERING_MICROS = 10_000;
/** However short the round trip: the server needs a moment, and one request carries many numbers. */
const SHORTEST_RETRY_MICROS = 30_000;
/** Until a round trip is measured: what LiveKit assumes, and a little more. */
const UNKNOWN_ROUND_TRIP_MICROS = 80_000;

interface MissingPacket {
  sequence: number;
  detectedAtMicros: number;
  askAtMicros: number;
  asked: boolean;
}

export class MissingPackets {
  readonly #packets: MissingPacket[] = [];
  #nextAskMicros = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#packets.length;
  }

  get first(): { readonly sequence: number; readonly detectedAtMicros: number } | undefined {
    return this.#packets[0];
  }

  /** All from `from` to `to`, which are above those already here. */
  addRange(from: number, to: number, nowMicros: number): void {
    const askAtMicros = nowMicros + REORDERING_MICROS;
    for (let sequence = from; sequence <= to; sequence += 1) {
      this.#packets.push({ sequence, detectedAtMicros: nowMicros, askAtMicros, asked: false });
    }
    this.#nextAskMicros = Math.min(this.#nextAskMicros, askAtMicros);
  }

  /** It came: had it been asked for? Undefined: it was not missing. */
  remove(sequence: number): { asked: boolean } | undefined {
    const index = this.#packets.findIndex((packet) => packet.sequence === sequence);
    return index < 0 ? undefined : this.#packets.splice(index, 1)[0];
  }

  has(sequence: number): boolean {
    return this.#packets.some((packet) => packet.sequence === sequence);
  }

  /** Forgets all below `sequence`; says how many. */
  removeBelow(sequence: number): number {
    let count = 0;
    while ((this.#packets[count]?.sequence ?? Number.POSITIVE_INFINITY) < sequence) count += 1;
    this.#packets.splice(0, count);
    return count;
  }

  clear(): void {
    this.#packets.length = 0;
  }

  /** The 16-bit numbers to ask for now, at most `limit`; empty most of the time. */
  takeDue(nowMicros: number, roundTripMicros: number | undefined, limit: number): number[] {
    if (nowMicros < this.#nextAskMicros) return [];
    // A quarter more than the round trip, or an answer on its way is asked for again.
    const retryMicros = Math.max(SHORTEST_RETRY_MICROS, (roundTripMicros ?? UNKNOWN_ROUND_TRIP_MICROS) * 1.25);
    const due: number[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const packet of this.#packets) {
      if (packet.askAtMicros <= nowMicros && due.length < limit) {
        due.push(packet.sequence & 0xffff);
        packet.askAtMicros = nowMicros + retryMicros;
        packet.asked = true;
      }
      next = Math.min(next, packet.askAtMicros);
    }
    this.#nextAskMicros = next;
    return due;
  }
}
