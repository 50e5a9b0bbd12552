import { expect, it } from 'vitest';
import { behindHole } from './buffered-ranges.ts';

const ranges = [
  { startS: 1, endS: 3.56 },
  { startS: 3.66, endS: 11.26 },
  { startS: 21.5, endS: 23 },
];

it('leads over a hole to where it goes on', () => {
  expect(behindHole(ranges, 3.4)).toBe(3.66);
  expect(behindHole(ranges, 3.6)).toBe(3.66);
  expect(behindHole(ranges, 15)).toBe(21.5);
  expect(behindHole(ranges, 0)).toBe(1);
});

it('waits for the decoder within a range, and for what is not there yet', () => {
  expect(behindHole(ranges, 1)).toBeUndefined();
  expect(behindHole(ranges, 8)).toBeUndefined();
  expect(behindHole(ranges, 22.9)).toBeUndefined();
  expect(behindHole(ranges, 30)).toBeUndefined();
  expect(behindHole([], 0)).toBeUndefined();
});
