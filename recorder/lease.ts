/**
 * What a recorder knows of its right to a recording: renewed by every report that the control plane accepted, passed by the
 * recorder's own monotonic clock. With a lease that has passed it goes on capturing into its own place, since whoever gave the lease may
 * only be away; but another recorder may own the recording now, so it finishes nothing before it is heard again.
 */
import type { Clock } from './clock.ts';

export class Lease {
  #untilMicros: number | undefined;
  #waiting: (() => void)[] = [];

  constructor(private readonly clock: Pick<Clock, 'monotonicMicros'>) {}

  /** @param untilMicros monotonic; counted from when the report was sent, since nobody knows when it was answered */
  renew(untilMicros: number): void {
    this.#untilMicros = Math.max(untilMicros, this.#untilMicros ?? untilMicros);
    if (this.isHeld) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Also without any lease: then nobody else can have it. */
  get isHeld(): boolean {
    return this.#untilMicros === undefined || this.clock.monotonicMicros() < this.#untilMicros;
  }

  /** Resolves when it is held; rejects with the signal's reason. */
  async held(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.isHeld) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }
}
