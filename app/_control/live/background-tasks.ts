/**
 * Work that goes on after its request was answered: a few at a time, a bounded number waiting, in order. What does not
 * fit is dropped and counted: everything done here is also found by the reconciler.
 */
export class BackgroundTasks {
  readonly #onError: (name: string, error: unknown) => void;
  readonly #waiting: { name: string; run: () => Promise<void> }[] = [];
  readonly #idle = new Set<() => void>();
  #running = 0;
  dropped = 0;

  constructor(
    onError: (name: string, error: unknown) => void,
    private readonly limits = { parallel: 8, waiting: 5_000 },
  ) {
    this.#onError = onError;
  }

  /** False when it was dropped. */
  add(name: string, run: () => Promise<void>): boolean {
    if (this.#waiting.length >= this.limits.waiting) {
      this.dropped += 1;
      return false;
    }
    this.#waiting.push({ name, run });
    this.#startNext();
    return true;
  }

  /** Resolves when nothing runs and nothing waits. */
  settled(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  #startNext(): void {
    if (this.#running >= this.limits.parallel) return;
    const task = this.#waiting.shift();
    if (!task) return;
    this.#running += 1;
    void this.#run(task).finally(() => {
      this.#running -= 1;
      this.#startNext();
      if (this.#running > 0 || this.#waiting.length > 0) return;
      for (const resolve of this.#idle) resolve();
      this.#idle.clear();
    });
  }

  async #run(task: { name: string; run: () => Promise<void> }): Promise<void> {
    try {
      await task.run();
    } catch (error) {
      this.#onError(task.name, error);
    }
  }
}
