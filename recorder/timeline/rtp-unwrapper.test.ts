import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpUnwrapper } from './rtp-unwrapper.ts';

const WRAP = 2 ** 32;
const raw = fc.integer({ min: 0, max: WRAP - 1 });

describe('RtpUnwrapper', () => {
  it('counts true ticks from any start, over any number of wraps, for steps either way', () => {
    const step = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(raw, fc.array(step, { maxLength: 50 }), (start, steps) => {
        const unwrapper = new RtpUnwrapper();
        const first = unwrapper.advance(start);
        let expected = first;
        let wire = start;
        for (const ticks of steps) {
          expected += ticks;
          wire = (((wire + ticks) % WRAP) + WRAP) % WRAP;
          expect(unwrapper.advance(wire)).toBe(expected);
        }
      }),
    );
  });

  it('takes the number of wraps in a long silence from the wall clock', () => {
    fc.assert(
      fc.property(
        raw,
        fc.integer({ min: 0, max: 40 * WRAP }),
        fc.integer({ min: -90_000, max: 90_000 }),
        (start, passed, error) => {
          const unwrapper = new RtpUnwrapper();
          const first = unwrapper.advance(start);
          const wire = (start + passed) % WRAP;
          expect(unwrapper.advance(wire, Math.max(0, passed + error))).toBe(first + passed);
        },
      ),
    );
  });

  it('does not move on when it only peeks', () => {
    const unwrapper = new RtpUnwrapper();
    unwrapper.advance(WRAP - 10);
    expect(unwrapper.peek(20)).toBe(30);
    expect(unwrapper.peek(WRAP - 20)).toBe(-10);
    expect(unwrapper.advance(0)).toBe(10);
  });

  it('continues after a jump that was absorbed', () => {
    const unwrapper = new RtpUnwrapper();
    unwrapper.advance(1000);
    expect(unwrapper.absorb(3_000_000_000, 960)).toBe(960);
    expect(unwrapper.advance(3_000_000_960)).toBe(1920);
  });
});
