/**
 * The packets known to be missing, oldest first, and when to ask for each (NACK, RFC 4585 section 6.2.1).
 *
 * What LiveKit does with a request (1.11, pkg/sfu: sequencer.go, downtrack.go), and what follows for when to make it:
 *
 * - It answers a packet three times at most, the first time when two round trips (at most 100 ms) have passed since it sent
 *   the packet, again when as much has passed since its last answer. What comes sooner is ignored and does not count as one
 *   of the three. So asking too early costs a few bytes, asking too late costs a frame: requests go out every round trip, but no
 *   faster than a burst of losses passes, or one burst takes all three answers.
 * - It answers nothing between a keyframe request and the keyframe: then all are due again (`askAgain`).
 * - It keeps the last 300 to 500 packets, about a second of them: after some requests there is no answer to hope for, and
 *   the pauses grow.
 */
import { ReorderingDelay } from './reordering-delay.ts';

/**
 * However short the round trip. At 10 % loss in bursts of five, sound in RED lost one packet in 15,000 with answers 30 ms apart, and
 * one in 60,000 with 100 ms and more: what is left is chance. Longer than LiveKit ignores requests, and three fit into the deadline.
 */
const SHORTEST_RETRY_MICROS = 120_000;
/** Until a round trip is measured: what LiveKit assumes, and a little more. */
const UNKNOWN_ROUND_TRIP_MICROS = 80_000;
/** A quarter more than the round trip, or an answer on its way is asked for again. */
const RETRY_PER_ROUND_TRIP = 1.25;
/** Requests at the shortest pause, before pauses grow by as much each time. */
const QUICK_REQUESTS = 8;

interface MissingPacket {
  detectedAtMicros: number;
  askAtMicros: number;
  requests: number;
}

export class MissingPackets {
  /** By sequence number, without wraps; in rising order, because later ones go missing later. */
  readonly #packets = new Map<number, MissingPacket>();
  readonly #reordering = new ReorderingDelay();
  #nextAskMicros = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#packets.size;
  }

  get first(): { readonly sequence: number; readonly detectedAtMicros: number } | undefined {
    for (const [sequence, { detectedAtMicros }] of this.#packets) return { sequence, detectedAtMicros };
    return undefined;
  }

  /** All from `from` to `to`, which are above those already here. */
  addRange(from: number, to: number, nowMicros: number): void {
    this.#reordering.hole();
    const askAtMicros = nowMicros + this.#reordering.micros;
    for (let sequence = from; sequence <= to; sequence += 1) {
      this.#packets.set(sequence, { detectedAtMicros: nowMicros, askAtMicros, requests: 0 });
    }
    this.#nextAskMicros = Math.min(this.#nextAskMicros, askAtMicros);
  }

  /**
   * It came: had it been asked for? Undefined: it was not missing.
   * @param isOriginal as it was sent first, not repaired
   */
  remove(sequence: number, nowMicros: number, isOriginal: boolean): { asked: boolean } | undefined {
    const packet = this.#packets.get(sequence);
    if (!packet) return undefined;
    this.#packets.delete(sequence);
    if (isOriginal) this.#reordering.overtaken(nowMicros - packet.detectedAtMicros);
    return { asked: packet.requests > 0 };
  }

  has(sequence: number): boolean {
    return this.#packets.has(sequence);
  }

  /** Forgets all below `end`; says how many. */
  removeBelow(end: number): number {
    let count = 0;
    for (const sequence of this.#packets.keys()) {
      if (sequence >= end) break;
      this.#packets.delete(sequence);
      count += 1;
    }
    return count;
  }

  /** Earlier requests were in vain: the next begin anew. */
  askAgain(nowMicros: number): void {
    for (const packet of this.#packets.values()) {
      if (packet.requests === 0) continue;
      packet.requests = 1;
      packet.askAtMicros = nowMicros;
      this.#nextAskMicros = nowMicros;
    }
  }

  /** The 16-bit numbers to ask for now, at most `limit`; empty most of the time. */
  takeDue(nowMicros: number, roundTripMicros: number | undefined, limit: number): number[] {
    if (nowMicros < this.#nextAskMicros) return [];
    const retryMicros = Math.max(
      SHORTEST_RETRY_MICROS,
      (roundTripMicros ?? UNKNOWN_ROUND_TRIP_MICROS) * RETRY_PER_ROUND_TRIP,
    );
    const due: number[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [sequence, packet] of this.#packets) {
      if (packet.askAtMicros <= nowMicros && due.length < limit) {
        due.push(sequence & 0xffff);
        packet.requests += 1;
        packet.askAtMicros = nowMicros + retryMicros * Math.max(1, packet.requests - QUICK_REQUESTS);
      }
      next = Math.min(next, packet.askAtMicros);
    }
    this.#nextAskMicros = next;
    return due;
  }
}
