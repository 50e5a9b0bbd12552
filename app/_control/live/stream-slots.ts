/** Event streams one process serves at the same time; each costs a connection and a little memory. */
export const MAX_STREAMS = 1_000;

export class StreamSlots {
  #open = 0;

  get open(): number {
    return this.#open;
  }

  /** False when there are too many. */
  take(): boolean {
    if (this.#open >= MAX_STREAMS) return false;
    this.#open += 1;
    return true;
  }

  giveBack(): void {
    this.#open -= 1;
  }
}
