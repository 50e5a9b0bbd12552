import type { Logger } from 'pino';

/** Kinds that are told apart; whoever invents more is not worth the memory. */
const MOST_KINDS = 64;

/** Counts what cannot be read of what the network sends, by kind, and logs each kind once: a flood of it must not become one of log lines. */
export class UnreadableInput {
  readonly counts = new Map<string, number>();
  readonly #log: Pick<Logger, 'warn'>;

  constructor(log: Pick<Logger, 'warn'>) {
    this.#log = log;
  }

  add(kind: string, error?: unknown): void {
    const count = this.counts.get(kind) ?? 0;
    if (count === 0 && this.counts.size >= MOST_KINDS) return;
    this.counts.set(kind, count + 1);
    if (count === 0) this.#log.warn({ kind, err: error }, 'input.unreadable');
  }
}
