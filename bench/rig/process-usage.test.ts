import { expect, test } from 'vitest';
import { parseStat } from './process-usage.ts';

test('parseStat reads past a name with spaces and parentheses', () => {
  const fields = ['S', 7, ...new Array(9).fill(0), 12, 34, ...new Array(8).fill(0), 1000, 5];
  expect(parseStat(`42 (a) (b c) ${fields.join(' ')}`)).toEqual({
    name: 'a) (b c',
    parentPid: 7,
    cpuMs: 460,
    residentPages: 1000,
  });
});
