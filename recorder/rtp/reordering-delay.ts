/**
 * How long to wait before a packet that is missing counts as lost and not as overtaken, learned from those that came late by
 * themselves.
 *
 * Rises at once with a packet that is later than the wait, and falls slowly while packets are missing that were not late: a
 * path that reorders does so again.
 */

/** Packets of one burst overtake each other by this much on any path. */
const SHORTEST_MICROS = 10_000;
/** A packet that is later than this may as well be asked for: LiveKit answers no sooner after it sent it. */
const LONGEST_MICROS = 100_000;
/** A little more than what was seen. */
const MARGIN = 1.25;
const FALL_PER_HOLE = 1 / 64;

export class ReorderingDelay {
  #micros = SHORTEST_MICROS;

  get micros(): number {
    return this.#micros;
  }

  /** A packet came this long after one that was sent behind it, without having been asked for. */
  overtaken(lateMicros: number): void {
    this.#micros = Math.min(LONGEST_MICROS, Math.max(this.#micros, lateMicros * MARGIN));
  }

  /** Packets are missing. */
  hole(): void {
    this.#micros -= (this.#micros - SHORTEST_MICROS) * FALL_PER_HOLE;
  }
}
