import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRtcp, parseRtp } from './parse-rtp.ts';

const fixed = [0x80, 0xe0, 0x12, 0x34, 0x00, 0x01, 0x00, 0x02, 0xde, 0xad, 0xbe, 0xef];
const packet = (first: number, ...rest: number[]) => Uint8Array.from([first, ...fixed.slice(1), ...rest]);

test('the fixed header is read and the payload is a view', () => {
  const bytes = packet(0x80, 1, 2, 3);
  const parsed = parseRtp(bytes, 7);
  expect(parsed).toEqual({
    ssrc: 0xdeadbeef,
    payloadType: 96,
    sequenceNumber: 0x1234,
    timestamp: 0x10002,
    marker: true,
    payload: Uint8Array.from([1, 2, 3]),
    extensions: undefined,
    receivedAtMicros: 7,
  });
  expect(parsed?.payload.buffer).toBe(bytes.buffer);
});

test('contributing sources are skipped', () => {
  expect(parseRtp(packet(0x82, 1, 1, 1, 1, 2, 2, 2, 2, 9), 0)?.payload).toEqual(Uint8Array.from([9]));
});

test('padding is taken off, and a packet of nothing but padding has no payload', () => {
  expect(parseRtp(packet(0xa0, 9, 0, 0, 3), 0)?.payload).toEqual(Uint8Array.from([9]));
  expect(parseRtp(packet(0xa0, 0, 0, 0, 4), 0)?.payload).toHaveLength(0);
});

describe('header extensions', () => {
  test('with one-byte headers are read by id, padding skipped', () => {
    const parsed = parseRtp(packet(0x90, 0xbe, 0xde, 0, 2, 0x10, 0xaa, 0, 0x31, 0xbb, 0xcc, 0, 0, 5), 0);
    expect(parsed?.extensions).toEqual(
      new Map([
        [1, Uint8Array.from([0xaa])],
        [3, Uint8Array.from([0xbb, 0xcc])],
      ]),
    );
    expect(parsed?.payload).toEqual(Uint8Array.from([5]));
  });

  test('with two-byte headers may be empty', () => {
    const parsed = parseRtp(packet(0x90, 0x10, 0, 0, 2, 7, 0, 20, 3, 1, 2, 3, 0, 5), 0);
    expect(parsed?.extensions).toEqual(
      new Map([
        [7, new Uint8Array()],
        [20, Uint8Array.from([1, 2, 3])],
      ]),
    );
  });

  test('that do not fit end the reading, not the packet', () => {
    const parsed = parseRtp(packet(0x90, 0xbe, 0xde, 0, 1, 0x10, 0xaa, 0x3f, 0xbb, 5), 0);
    expect(parsed?.extensions).toEqual(new Map([[1, Uint8Array.from([0xaa])]]));
    expect(parsed?.payload).toEqual(Uint8Array.from([5]));
  });
});

test.each([
  ['too short', Uint8Array.from(fixed.slice(0, 11))],
  ['another version', packet(0x40, 1)],
  ['padding of zero bytes', packet(0xa0, 1, 0)],
  ['more padding than packet', packet(0xa0, 200)],
  ['more sources than packet', packet(0x8f, 1)],
  ['an extension longer than the packet', packet(0x90, 0xbe, 0xde, 0, 9, 1, 2, 3, 4)],
])('%s is malformed', (_what, bytes) => {
  expect(parseRtp(bytes, 0)).toBeUndefined();
});

test('whatever bytes come, nothing is thrown and the payload lies within them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const parsed = parseRtp(bytes, 0);
      if (!parsed) return;
      expect(parsed.payload.byteOffset + parsed.payload.length).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

test('RTCP is told from RTP by its packet type', () => {
  for (const type of [200, 201, 205, 206, 207]) expect(isRtcp(Uint8Array.from([0x80, type]))).toBe(true);
  for (const type of [96, 96 | 0x80, 63, 111 | 0x80, 0]) expect(isRtcp(Uint8Array.from([0x80, type]))).toBe(false);
});
