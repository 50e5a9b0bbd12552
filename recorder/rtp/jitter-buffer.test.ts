import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JitterBuffer, type JitterBufferOptions, REPAIR_DEADLINE_MICROS } from './jitter-buffer.ts';
import type { RtpPacket } from './rtp-packet.ts';

function packet(sequenceNumber: number, receivedAtMicros = 0, payload: number[] = [1]): RtpPacket {
  return {
    ssrc: 1,
    payloadType: 96,
    sequenceNumber: sequenceNumber & 0xffff,
    timestamp: 0,
    marker: false,
    payload: Uint8Array.from(payload),
    receivedAtMicros,
  };
}

function buffer(options: Partial<JitterBufferOptions> = {}) {
  const delivered: string[] = [];
  let lost = 0;
  const jitter = new JitterBuffer({
    capacity: 64,
    output: {
      packet: ({ sequenceNumber }, afterGap) => delivered.push(`${sequenceNumber}${afterGap ? '!' : ''}`),
      lost: (count) => {
        lost += count;
      },
    },
    ...options,
  });
  return { jitter, delivered, lost: () => lost };
}

test('packets in order pass at once, across the wrap', () => {
  const { jitter, delivered } = buffer();
  for (const sequence of [65_534, 65_535, 0, 1]) jitter.insert(packet(sequence));
  expect(delivered).toEqual(['65534', '65535', '0', '1']);
});

test('sequence number 0 is a number like any other', () => {
  const { jitter, delivered } = buffer();
  for (const sequence of [0, 2, 1]) jitter.insert(packet(sequence));
  expect(delivered).toEqual(['0', '1', '2']);
});

test('in whatever order and with whatever duplicates packets come, they leave in order and once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff }),
      fc.shuffledSubarray(
        Array.from({ length: 40 }, (_, index) => index + 1),
        { minLength: 40 },
      ),
      fc.array(fc.integer({ min: 1, max: 40 })),
      (first, order, duplicates) => {
        const { jitter, delivered, lost } = buffer();
        jitter.insert(packet(first));
        for (const offset of [...order, ...duplicates]) jitter.insert(packet(first + offset));
        expect(delivered).toEqual(Array.from({ length: 41 }, (_, index) => String((first + index) & 0xffff)));
        expect(lost()).toBe(0);
      },
    ),
  );
});

test('a hole is waited for until the deadline, then what follows is after a gap', () => {
  const { jitter, delivered, lost } = buffer();
  jitter.insert(packet(1, 0));
  jitter.insert(packet(4, 1000));
  jitter.tick(1000 + REPAIR_DEADLINE_MICROS - 1);
  expect(delivered).toEqual(['1']);
  jitter.tick(1000 + REPAIR_DEADLINE_MICROS);
  expect(delivered).toEqual(['1', '4!']);
  expect(lost()).toBe(2);
  expect(jitter.insert(packet(3))).toBe('refused');
  jitter.insert(packet(5));
  expect(delivered).toEqual(['1', '4!', '5']);
});

test('each hole has its own deadline', () => {
  const { jitter, delivered } = buffer();
  jitter.insert(packet(1, 0));
  jitter.insert(packet(3, 0));
  jitter.insert(packet(5, 500_000));
  jitter.tick(REPAIR_DEADLINE_MICROS);
  expect(delivered).toEqual(['1', '3!']);
  jitter.tick(REPAIR_DEADLINE_MICROS + 500_000);
  expect(delivered).toEqual(['1', '3!', '5!']);
});

test('what does not fit pushes the oldest hole out', () => {
  const { jitter, delivered, lost } = buffer({ capacity: 8 });
  jitter.insert(packet(0));
  for (let sequence = 2; sequence <= 9; sequence += 1) jitter.insert(packet(sequence));
  expect(lost()).toBe(1);
  expect(delivered).toEqual(['0', '2!', '3', '4', '5', '6', '7', '8', '9']);
});

test('one stray number is ignored, two in a row are a new beginning', () => {
  const { jitter, delivered } = buffer();
  jitter.insert(packet(10));
  expect(jitter.insert(packet(30_000))).toBe('refused');
  jitter.insert(packet(11));
  jitter.insert(packet(40_000));
  jitter.insert(packet(40_001));
  jitter.insert(packet(40_002));
  expect(delivered).toEqual(['10', '11', '40000!', '40001', '40002']);
});

test('on a long path a hole is waited for as long as three requests and answers take', () => {
  const { jitter, delivered } = buffer();
  jitter.insert(packet(1, 0));
  jitter.insert(packet(3, 0));
  jitter.tick(1_999_999, 400_000);
  expect(delivered).toEqual(['1']);
  jitter.tick(2_000_000, 400_000);
  expect(delivered).toEqual(['1', '3!']);
});

test('flushing delivers what is held', () => {
  const { jitter, delivered, lost } = buffer();
  for (const sequence of [1, 3, 6]) jitter.insert(packet(sequence));
  jitter.flush();
  expect(delivered).toEqual(['1', '3!', '6!']);
  expect(lost()).toBe(3);
});

describe('the beginning', () => {
  const isBeginning = ({ payload }: RtpPacket) => payload[0] === 0;

  test('is at once where the first packet is one', () => {
    const { jitter, delivered } = buffer({ isBeginning });
    jitter.insert(packet(5, 0, [0]));
    jitter.insert(packet(6));
    expect(delivered).toEqual(['5', '6']);
  });

  test('is waited for, and asked for, when it was overtaken or lost', () => {
    const { jitter, delivered, lost } = buffer({ isBeginning });
    jitter.insert(packet(6));
    jitter.insert(packet(7));
    expect(jitter.missing.takeDue(20_000, 0, 64)).toContain(5);
    jitter.insert(packet(5, 0, [0]));
    expect(delivered).toEqual(['5', '6', '7']);
    expect(lost()).toBe(0);
    expect(jitter.missing.size).toBe(0);
  });

  test('is anywhere when it does not come', () => {
    const { jitter, delivered, lost } = buffer({ isBeginning });
    jitter.insert(packet(6));
    jitter.tick(499_999);
    expect(delivered).toEqual([]);
    jitter.tick(500_000);
    expect(delivered).toEqual(['6']);
    expect(lost()).toBe(0);
  });
});

describe('asking for missing packets', () => {
  test('waits a moment for overtaken ones, then asks every round trip', () => {
    const { jitter } = buffer();
    jitter.insert(packet(65_534, 0));
    jitter.insert(packet(1, 0));
    expect(jitter.missing.takeDue(9_999, 100_000, 64)).toEqual([]);
    expect(jitter.missing.takeDue(10_000, 100_000, 64)).toEqual([65_535, 0]);
    expect(jitter.missing.takeDue(134_999, 100_000, 64)).toEqual([]);
    expect(jitter.insert(packet(0))).toBe('repaired');
    expect(jitter.missing.takeDue(135_000, 100_000, 64)).toEqual([65_535]);
  });

  test('waits longer on a path where packets overtake each other, and less again when they no longer do', () => {
    const { jitter } = buffer();
    const firstAskedMs = (sequence: number, atMs: number) => {
      jitter.insert(packet(sequence, atMs * 1000));
      for (let ms = 0; ms <= 200; ms += 1) {
        if (jitter.missing.takeDue((atMs + ms) * 1000, 1_000_000, 64).length > 0) return ms;
      }
      return undefined;
    };
    jitter.insert(packet(0, 0));
    expect(firstAskedMs(2, 0)).toBe(10);
    // It was not lost, only 40 ms late.
    jitter.insert(packet(1, 40_000));
    expect(firstAskedMs(4, 1000)).toBe(50);
    // By a repair nothing is learned.
    jitter.insert(packet(3, 1_090_000), false);
    expect(firstAskedMs(6, 2000)).toBeLessThan(50);
    for (let hole = 0; hole < 300; hole += 1) jitter.insert(packet(8 + 2 * hole, 3_000_000), false);
    jitter.flush();
    expect(firstAskedMs(610, 9000)).toBeLessThan(15);
  });

  test('begins anew when earlier requests were in vain', () => {
    const { jitter } = buffer();
    jitter.insert(packet(0, 0));
    jitter.insert(packet(2, 0));
    expect(jitter.missing.takeDue(10_000, 100_000, 64)).toEqual([1]);
    expect(jitter.missing.takeDue(60_000, 100_000, 64)).toEqual([]);
    jitter.missing.askAgain(60_000);
    expect(jitter.missing.takeDue(60_000, 100_000, 64)).toEqual([1]);
  });

  test('asks less and less often for what does not come', () => {
    const { jitter } = buffer();
    jitter.insert(packet(0, 0));
    jitter.insert(packet(2, 0));
    const askedAtMs: number[] = [];
    for (let ms = 0; ms < 3000; ms += 1) {
      if (jitter.missing.takeDue(ms * 1000, 0, 64).length > 0) askedAtMs.push(ms);
    }
    const pauses = askedAtMs.slice(1).map((ms, index) => ms - (askedAtMs[index] ?? 0));
    expect(pauses.slice(0, 4)).toEqual([120, 120, 120, 120]);
    expect(pauses.at(-1)).toBeGreaterThan(360);
  });

  test('asks for as many as fit and for the others next', () => {
    const { jitter } = buffer();
    jitter.insert(packet(0, 0));
    jitter.insert(packet(11, 0));
    expect(jitter.missing.takeDue(10_000, 0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(jitter.missing.takeDue(10_001, 0, 6)).toEqual([7, 8, 9, 10]);
  });

  test('a packet is wanted while it is missing or new', () => {
    const { jitter } = buffer();
    jitter.insert(packet(65_535));
    jitter.insert(packet(2));
    expect([65_535, 0, 1, 2, 3].map((sequence) => jitter.wants(sequence))).toEqual([false, true, true, false, true]);
  });
});

test('whatever numbers come, memory is bounded', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 100_000 })), { maxLength: 300 }),
      (arrivals) => {
        let held = 0;
        const { jitter } = buffer({
          capacity: 32,
          output: {
            packet: () => {
              held -= 1;
            },
            lost: () => undefined,
          },
        });
        let nowMicros = 0;
        for (const [sequence, pause] of arrivals) {
          nowMicros += pause;
          held += 1;
          if (jitter.insert(packet(sequence, nowMicros)) === 'refused') held -= 1;
          jitter.tick(nowMicros);
          expect(jitter.missing.size).toBeLessThanOrEqual(32);
        }
        // One stray packet is kept and was not counted as held.
        expect(held).toBeLessThanOrEqual(32);
      },
    ),
  );
});
