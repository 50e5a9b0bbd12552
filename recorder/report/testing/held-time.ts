/** A `sleep` whose longer waits last until the test lets them end, and a clock that only those move. */
export class HeldTime {
  readonly waitsMs: number[] = [];
  #waiting: { ms: number; end: () => void }[] = [];
  #onWait: (() => void)[] = [];
  #nowMicros = 0;

  readonly clock = { monotonicMicros: () => this.#nowMicros, unixMs: () => 0 };

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms <= 50) return Promise.resolve();
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const wait = { ms, end: resolve };
      this.#waiting.push(wait);
      this.waitsMs.push(ms);
      signal.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== wait);
        reject(signal.reason);
      });
      for (const tell of this.#onWait.splice(0)) tell();
    });
  };

  /** Ends the wait that is under way, or the next one. */
  async pass(): Promise<number> {
    while (this.#waiting.length === 0) await new Promise<void>((resolve) => this.#onWait.push(resolve));
    const wait = this.#waiting.shift();
    if (!wait) throw new Error('nothing waits');
    this.#nowMicros += wait.ms * 1000;
    wait.end();
    return wait.ms;
  }
}
