import { describe, expect, test } from 'vitest';
import { isMet, valueText } from './figure.ts';

describe('isMet', () => {
  test.each([
    [{ most: 5 }, 5, true],
    [{ most: 5 }, 5.01, false],
    [{ least: 60 }, 60, true],
    [{ least: 60 }, 59, false],
    [undefined, 1e9, true],
    // What could not be measured is not good enough.
    [{ most: 5 }, Number.NaN, false],
    [{ least: 5 }, Number.NaN, false],
  ])('with target %o and %d is %s', (target, value, met) => {
    expect(isMet({ name: 'x', value, unit: '', target })).toBe(met);
  });
});

describe('valueText', () => {
  test.each([
    [0.012345, '0.0123'],
    [1.5, '1.5'],
    [123.456, '123'],
    [100, '100'],
    [Number.NaN, '–'],
  ])('writes %d as %s', (value, text) => {
    expect(valueText(value)).toBe(text);
  });
});
