import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SequenceExtender, sequenceDistance, timestampDistance } from './sequence-number.ts';

const sequence = fc.integer({ min: 0, max: 0xffff });
/** Short of half the circle, where direction ends. */
const step = fc.integer({ min: -0x7fff, max: 0x7fff });

describe('distance of sequence numbers', () => {
  test('is what was added, across the wrap and across zero', () => {
    fc.assert(fc.property(sequence, step, (from, by) => sequenceDistance((from + by) & 0xffff, from) === by));
  });

  test('is turned around when the numbers are', () => {
    fc.assert(
      fc.property(sequence, step, (from, by) => {
        const to = (from + by) & 0xffff;
        return sequenceDistance(from, to) === 0 - sequenceDistance(to, from);
      }),
    );
  });

  test('of 0 after 65535 is one', () => expect(sequenceDistance(0, 65_535)).toBe(1));
  test('of a duplicate is zero', () => {
    fc.assert(fc.property(sequence, (number) => sequenceDistance(number, number) === 0));
  });
  test('of exactly half the circle is behind, from either side', () => {
    fc.assert(fc.property(sequence, (number) => sequenceDistance((number + 0x8000) & 0xffff, number) === -0x8000));
  });
});

test('distance of timestamps is what was added, across the wrap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.integer({ min: -0x7fffffff, max: 0x7fffffff }),
      (from, by) => timestampDistance((from + by) >>> 0, from) === by,
    ),
  );
});

describe('extended sequence numbers', () => {
  test('of packets in any near order differ as the packets were sent, over many wraps', () => {
    fc.assert(
      fc.property(sequence, fc.array(step, { maxLength: 200 }), (first, steps) => {
        const extender = new SequenceExtender();
        const start = extender.extend(first);
        let position = 0;
        let highest = 0;
        for (const by of steps) {
          // Near the highest, as packets of one stream are.
          position = highest + by;
          highest = Math.max(highest, position);
          expect(extender.extend((first + position) & 0xffff) - start).toBe(position);
        }
      }),
    );
  });

  test('of packets before the first are not negative', () => {
    const extender = new SequenceExtender();
    extender.extend(2);
    expect(extender.extend(65_530)).toBeGreaterThan(0);
  });

  test('after a restart are above all before', () => {
    fc.assert(
      fc.property(sequence, sequence, (before, after) => {
        const extender = new SequenceExtender();
        const old = extender.extend(before);
        return extender.restart(after) > old;
      }),
    );
  });
});
