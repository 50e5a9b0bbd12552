/**
 * Waiting times between tries: doubling from `firstMs` to `mostMs`, each shortened by chance to between a half and the whole,
 * so that a hundred recordings that failed together do not come back together.
 */
export class BackOff {
  #failures = 0;

  constructor(
    readonly firstMs: number,
    readonly mostMs: number,
    readonly random: () => number = Math.random,
  ) {}

  nextMs(): number {
    const wholeMs = Math.min(this.mostMs, this.firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    return Math.round(wholeMs * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.#failures = 0;
  }
}
