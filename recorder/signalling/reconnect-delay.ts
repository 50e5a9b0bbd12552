const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/**
 * Pause before the `attempt`-th try, counted from 1: 0.25 s, doubling up to 5 s. A third of it is chance, so that a
 * hundred recorders do not come back in the same moment.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(full * (2 / 3 + random() / 3));
}
