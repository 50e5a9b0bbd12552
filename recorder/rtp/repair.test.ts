import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRed } from './parse-red.ts';
import { unwrapRtx } from './unwrap-rtx.ts';

describe('RED', () => {
  test('blocks come oldest first with their age, the primary last', () => {
    const payload = Uint8Array.from([0xef, 0x1e, 0x00, 0x02, 0xef, 0x0f, 0x00, 0x01, 0x6f, 1, 2, 3, 4, 5]);
    expect(parseRed(payload)).toEqual([
      { payloadType: 111, timestampOffset: 1920, payload: Uint8Array.from([1, 2]) },
      { payloadType: 111, timestampOffset: 960, payload: Uint8Array.from([3]) },
      { payloadType: 111, timestampOffset: 0, payload: Uint8Array.from([4, 5]) },
    ]);
  });

  test('without redundancy is one byte and the payload', () => {
    expect(parseRed(Uint8Array.from([0x6f, 8]))).toEqual([
      { payloadType: 111, timestampOffset: 0, payload: Uint8Array.from([8]) },
    ]);
  });

  test('that is cut off is malformed', () => {
    expect(parseRed(Uint8Array.from([0xef, 0x1e, 0x00, 0x09, 0x6f, 1]))).toBeUndefined();
    expect(parseRed(Uint8Array.from([0xef, 0x1e]))).toBeUndefined();
    expect(parseRed(new Uint8Array())).toBeUndefined();
  });

  test('whatever bytes come, nothing is thrown and blocks are few', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => (parseRed(bytes)?.length ?? 0) <= 8));
  });
});

describe('RTX', () => {
  const packet = (payload: number[]) => ({
    ssrc: 9,
    payloadType: 97,
    sequenceNumber: 1,
    timestamp: 5,
    marker: true,
    payload: Uint8Array.from(payload),
    receivedAtMicros: 3,
  });

  test('gives back the packet that was lost', () => {
    expect(unwrapRtx(packet([0xff, 0xfe, 1, 2]), 7, 96)).toEqual({
      ...packet([1, 2]),
      ssrc: 7,
      payloadType: 96,
      sequenceNumber: 0xfffe,
    });
  });

  test('of padding is nothing', () => {
    expect(unwrapRtx(packet([]), 7, 96)).toBeUndefined();
    expect(unwrapRtx(packet([0, 1]), 7, 96)).toBeUndefined();
  });
});
