import { expect, test } from 'vitest';
import { parsePosition } from './parse-position.ts';

test.each([
  ['83', 83_000],
  ['1:23', 83_000],
  [' 1:23.5 ', 83_500],
  ['90:00', 5_400_000],
  ['1:02:03', 3_723_000],
  ['0', 0],
  ['1:23,25', 83_250],
])('%j is %i ms', (text, ms) => {
  expect(parsePosition(text)).toBe(ms);
});

test.each(['', 'abc', '1:60', '1:60:00', '-1', '1:2:3:4', '1.2345', '1e3'])('%j is no position', (text) => {
  expect(parsePosition(text)).toBeUndefined();
});
