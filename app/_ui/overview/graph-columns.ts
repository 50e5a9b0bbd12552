import type { LiveSample } from '../live/live-store.ts';

/** x in seconds on the store's clock, bits and frames a second, packets that were lost since the sample before. */
export type GraphColumns = [number[], (number | null)[], (number | null)[], (number | null)[]];

/** Reports come every second; after this long without one the line is broken, not drawn through. */
const brokenAfterMs = 3_500;

export function graphColumns(samples: readonly LiveSample[]): GraphColumns {
  const columns: GraphColumns = [[], [], [], []];
  let before: LiveSample | undefined;
  for (const sample of samples) {
    if (before && sample.heardAtMs - before.heardAtMs > brokenAfterMs) {
      add(columns, before.heardAtMs + 1, null, null, null);
    }
    // A new attempt may begin to count anew.
    const lost = before ? Math.max(0, sample.packetsLost - before.packetsLost) : 0;
    // No bar for nothing.
    add(columns, sample.heardAtMs, sample.bitrateBps, sample.framesPerSecond, lost || null);
    before = sample;
  }
  return columns;
}

function add(columns: GraphColumns, atMs: number, ...values: [number | null, number | null, number | null]): void {
  columns[0].push(atMs / 1000);
  columns[1].push(values[0]);
  columns[2].push(values[1]);
  columns[3].push(values[2]);
}
