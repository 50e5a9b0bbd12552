/** Event streams one process serves at the same time; each costs a connection and a little memory. */
export const MAX_STREAMS = 1_000;
/** Of one person or key: enough for many tabs and a program with many readers, and others have room, too. */
export const MAX_STREAMS_OF_ONE = 600;

export class StreamSlots {
  readonly #openOf = new Map<string, number>();
  #open = 0;

  get open(): number {
    return this.#open;
  }

  /** False when there are too many, or too many of this one. */
  take(whose: string): boolean {
    const own = this.#openOf.get(whose) ?? 0;
    if (this.#open >= MAX_STREAMS || own >= MAX_STREAMS_OF_ONE) return false;
    this.#open += 1;
    this.#openOf.set(whose, own + 1);
    return true;
  }

  giveBack(whose: string): void {
    const left = (this.#openOf.get(whose) ?? 0) - 1;
    this.#open -= 1;
    if (left > 0) this.#openOf.set(whose, left);
    else this.#openOf.delete(whose);
  }
}
