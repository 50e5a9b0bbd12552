import { describe, expect, test } from 'vitest';
import { ImpairedPath, type Impairment, seededRandom } from './impairment.ts';

function planned(impairment: Impairment, packets = 100_000) {
  const path = new ImpairedPath(impairment, seededRandom(1));
  return Array.from({ length: packets }, (_, index) => path.plan(index));
}

/** How many are lost in a row, on average. */
function meanBurst(plans: readonly number[][]): number {
  const lost = plans.filter((plan) => plan.length === 0).length;
  const bursts = plans.filter((plan, index) => plan.length === 0 && plans[index - 1]?.length !== 0).length;
  return lost / bursts;
}

describe('ImpairedPath', () => {
  test('lets everything through at once when nothing is wrong', () => {
    expect(planned({}, 5)).toEqual([[0], [1], [2], [3], [4]]);
  });

  test.each([
    { burstPackets: 1, low: 1.0, high: 1.2 },
    { burstPackets: 5, low: 4.5, high: 5.5 },
  ])('loses the share it is told to, in bursts of $burstPackets', ({ burstPackets, low, high }) => {
    const plans = planned({ lossPercent: 10, burstPackets });
    const share = plans.filter((plan) => plan.length === 0).length / plans.length;
    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.11);
    expect(meanBurst(plans)).toBeGreaterThan(low);
    expect(meanBurst(plans)).toBeLessThan(high);
  });

  test('is late by up to the jitter, and keeps the order unless told otherwise', () => {
    const inOrder = planned({ jitterMs: 50 }, 1000).flat();
    expect(inOrder.every((due, index) => index === 0 || due >= (inOrder[index - 1] ?? 0))).toBe(true);
    const reordered = planned({ jitterMs: 50, reorders: true }, 1000).flat();
    expect(reordered.some((due, index) => index > 0 && due < (reordered[index - 1] ?? 0))).toBe(true);
    expect(Math.max(...reordered.map((due, index) => due - index))).toBeLessThanOrEqual(50);
  });

  test('doubles the share it is told to', () => {
    const share = planned({ duplicatePercent: 2 }).filter((plan) => plan.length === 2).length / 100_000;
    expect(share).toBeGreaterThan(0.018);
    expect(share).toBeLessThan(0.022);
  });
});
