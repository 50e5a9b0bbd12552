/**
 * Reports that have come and are not written yet. While one of them waits for long, recorders are heard too slowly for
 * their leases to say anything about them.
 */
import type { Control } from './control.ts';

export class ReportBacklog {
  readonly #sinceMs = new Set<{ ms: number }>();

  /** @returns to be called when they are written, or cannot be */
  begin(nowMs: number): () => void {
    const entry = { ms: nowMs };
    this.#sinceMs.add(entry);
    return () => this.#sinceMs.delete(entry);
  }

  /** For how long the oldest has waited; 0 when none does. */
  oldestMs(nowMs: number): number {
    // Sets keep the order in which they were filled.
    const [oldest] = this.#sinceMs;
    return oldest ? nowMs - oldest.ms : 0;
  }
}

const backlogs = new WeakMap<Control, ReportBacklog>();

/** Of this process. */
export function reportBacklog(control: Control): ReportBacklog {
  const backlog = backlogs.get(control) ?? new ReportBacklog();
  backlogs.set(control, backlog);
  return backlog;
}
