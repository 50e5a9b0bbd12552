import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRange } from './parse-range.ts';

test.each([
  [null, 'whole'],
  ['bytes=0-', [0, 99]],
  ['bytes=0-0', [0, 0]],
  ['bytes=10-19', [10, 19]],
  ['bytes=10-1000', [10, 99]],
  ['bytes=99-', [99, 99]],
  ['bytes=-1', [99, 99]],
  ['bytes=-1000', [0, 99]],
  ['BYTES=5-6', [5, 6]],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=100-200', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=99999999999999999999-', 'unsatisfiable'],
  ['bytes=20-10', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=', 'whole'],
  ['bytes=a-b', 'whole'],
  ['bytes=1-2,4-5', 'whole'],
  ['bytes=0x1-2', 'whole'],
  ['bytes=1.5-2', 'whole'],
  ['bytes=-1-2', 'whole'],
  ['items=0-5', 'whole'],
  ['', 'whole'],
])('range %j of 100 bytes is %j', (header, expected) => {
  const range = parseRange(header, 100);
  expect(typeof range === 'string' ? range : [range.startByte, range.endByte]).toEqual(expected);
});

test('nothing can be asked of no bytes', () => {
  for (const header of ['bytes=0-', 'bytes=-5', 'bytes=0-0']) expect(parseRange(header, 0)).toBe('unsatisfiable');
});

test('whatever is asked, a range lies within the media', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'bytes=-, 0123456789') }), fc.nat(1e6), (text, sizeBytes) => {
      const range = parseRange(`bytes=${text}`, sizeBytes);
      if (typeof range === 'string') return;
      expect(range.startByte).toBeGreaterThanOrEqual(0);
      expect(range.startByte).toBeLessThanOrEqual(range.endByte);
      expect(range.endByte).toBeLessThan(sizeBytes);
    }),
  );
});
