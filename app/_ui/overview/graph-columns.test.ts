import { expect, it } from 'vitest';
import { noLiveStats } from '../../../recorder/contract/report.ts';
import { graphColumns } from './graph-columns.ts';

const sample = (heardAtMs: number, packetsLost = 0) => ({
  ...noLiveStats,
  heardAtMs,
  packetsLost,
  bitrateBps: 1000,
  framesPerSecond: 30,
});

it('shows what was lost between two samples, and nothing where the count began anew', () => {
  const [, , , lost] = graphColumns([sample(1000, 40), sample(2000, 43), sample(3000, 43), sample(4000, 1)]);
  expect(lost).toEqual([null, 3, null, null]);
});

it('breaks the line where no report came', () => {
  const [seconds, bitrate] = graphColumns([sample(1000), sample(2000), sample(9000)]);
  expect(seconds).toEqual([1, 2, 2.001, 9]);
  expect(bitrate).toEqual([1000, 1000, null, 1000]);
});
