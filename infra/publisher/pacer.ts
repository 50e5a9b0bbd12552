/**
 * One timer for all tracks of the process. Each turn a track sends what is due, and no more packets than a path takes at
 * once: a keyframe of a hundred packets goes out over several turns.
 */

/** Fine enough for 60 frames a second, and for packets of sound every 20 ms to be nearly evenly spaced. */
const STEP_MS = 5;

export interface Paced {
  step(): void;
}

export class Pacer {
  readonly #paced = new Set<Paced>();
  #timer: NodeJS.Timeout | undefined;

  add(paced: Paced): void {
    this.#paced.add(paced);
    this.#timer ??= setInterval(() => {
      for (const each of this.#paced) each.step();
    }, STEP_MS);
  }

  remove(paced: Paced): void {
    this.#paced.delete(paced);
    if (this.#paced.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

export const processPacer = new Pacer();
