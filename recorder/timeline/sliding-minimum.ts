/**
 * The smallest value of the last `windowMicros` to twice that, in two numbers: enough to see through jitter, which only
 * ever delays, and to follow a clock that drifts upwards.
 */
export class SlidingMinimum {
  #bucketStartMicros = 0;
  #current = Number.POSITIVE_INFINITY;
  #previous = Number.POSITIVE_INFINITY;

  constructor(private readonly windowMicros: number) {}

  /** Infinity before the first value. */
  get value(): number {
    return Math.min(this.#current, this.#previous);
  }

  add(value: number, atMicros: number): void {
    const elapsedMicros = atMicros - this.#bucketStartMicros;
    if (elapsedMicros >= this.windowMicros) {
      // After a silence of two windows nothing old counts any more.
      this.#previous = elapsedMicros >= 2 * this.windowMicros ? Number.POSITIVE_INFINITY : this.#current;
      this.#current = Number.POSITIVE_INFINITY;
      this.#bucketStartMicros = atMicros;
    }
    if (value < this.#current) this.#current = value;
  }
}
