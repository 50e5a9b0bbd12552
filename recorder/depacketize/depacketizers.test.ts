import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codecSchema } from '../contract/media.ts';
import { receivableCodecs } from './codecs.ts';
import { collect } from './collect.ts';

const packet = fc.record({
  payload: fc.uint8Array({ maxLength: 40 }),
  timestamp: fc.integer({ min: 0, max: 3 }),
  marker: fc.boolean(),
  afterGap: fc.boolean(),
});

test.each(codecSchema.options)(
  'whatever arrives as %s, nothing is thrown and no frame has more bytes than came',
  (codec) => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 30 }), (packets) => {
        const { frames } = collect(codec, packets);
        const arrived = packets.reduce((sum, { payload }) => sum + payload.length, 0);
        const made = frames.reduce((sum, { data }) => sum + data.length, 0);
        // Lengths of units and the index of a superframe are added.
        expect(made).toBeLessThanOrEqual(arrived * 5 + packets.length * 40);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (payload) => {
        receivableCodecs[codec].startsKeyframe?.(payload);
      }),
    );
  },
);
