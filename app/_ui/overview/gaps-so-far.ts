import type { Recording } from '../../_control/api.ts';

type Gap = Recording['gaps'][number];

/** Nobody spoke: nothing is missing. */
const harmless: ReadonlySet<string> = new Set(['silence']);

/** How often and how long something is missing, all tracks together: what overlaps or touches is one gap. */
export function gapsSoFar(gaps: readonly Gap[]): { count: number; totalMs: number } {
  const spans = gaps.filter(({ reason }) => !harmless.has(reason)).sort((one, other) => one.fromMs - other.fromMs);
  let count = 0;
  let totalMs = 0;
  let endMs = Number.NEGATIVE_INFINITY;
  for (const { fromMs, toMs, cutMs } of spans) {
    const isNew = fromMs > endMs;
    if (isNew) count += 1;
    // A pause that was cut out has no length on the recording's clock.
    if (cutMs === undefined) totalMs += Math.max(0, toMs - Math.max(fromMs, endMs));
    else if (isNew) totalMs += cutMs;
    endMs = Math.max(endMs, toMs);
  }
  return { count, totalMs };
}
