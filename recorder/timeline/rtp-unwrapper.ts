const WRAP_TICKS = 2 ** 32;

/**
 * Turns 32-bit RTP timestamps into ticks that do not wrap (RFC 3550 section 5.1 lets them start anywhere).
 *
 * A timestamp only says where it is modulo 2^32 (13 h at 90 kHz), so the number of wraps is taken from the wall clock:
 * of all possible values the one nearest to `last + expectedTicks` is meant. Jumps that the timeline takes for
 * discontinuities are cut out with `absorb`, so that what follows stays continuous.
 */
export class RtpUnwrapper {
  #lastRaw: number | undefined;
  #lastTicks = 0;

  /** Ticks of the newest timestamp that was advanced to. */
  get lastTicks(): number {
    return this.#lastTicks;
  }

  /** Unwraps without moving on: for sender reports and for looking before deciding. */
  peek(raw: number, expectedTicks = 0): number {
    if (this.#lastRaw === undefined) return 0;
    // Distance from the expected place, as a signed 32-bit number; exact for any finite expectation.
    const expectedRaw = modulo(this.#lastRaw + Math.round(expectedTicks));
    const distance = (raw - expectedRaw) | 0;
    return this.#lastTicks + Math.round(expectedTicks) + distance;
  }

  advance(raw: number, expectedTicks = 0): number {
    this.#lastTicks = this.peek(raw, expectedTicks);
    this.#lastRaw = raw >>> 0;
    return this.#lastTicks;
  }

  /** Moves to `raw` but counts it as only `elapsedTicks` after the last one. */
  absorb(raw: number, elapsedTicks: number): number {
    this.#lastTicks += Math.round(elapsedTicks);
    this.#lastRaw = raw >>> 0;
    return this.#lastTicks;
  }
}

function modulo(ticks: number): number {
  return ((ticks % WRAP_TICKS) + WRAP_TICKS) % WRAP_TICKS;
}
