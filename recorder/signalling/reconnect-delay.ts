const FIRST_MS = 250;
/** A server or network that is back is found within this; a hundred recorders ask a dead one some 60 times a second. */
const LONGEST_MS = 2_000;

/**
 * Pause before the `attempt`-th try, counted from 1: 0.25 s, doubling up to 2 s. A third of it is chance, so that a
 * hundred recorders do not come back in the same moment.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(full * (2 / 3 + random() / 3));
}
