import type { ObjectStore } from '../../storage/object-store.ts';

/** Enough to hide a store 100 ms away behind 100 recordings; more would only split the same bandwidth. */
const defaultSlots = 16;

const slotsOfStore = new WeakMap<ObjectStore, UploadSlots>();

/** How many uploads of a process run at once, whatever the number of recordings. Served in the order of asking. */
export class UploadSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** The ones of this process for a store. */
  static of(store: ObjectStore): UploadSlots {
    const slots = slotsOfStore.get(store) ?? new UploadSlots(defaultSlots);
    slotsOfStore.set(store, slots);
    return slots;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
