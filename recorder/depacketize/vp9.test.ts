import { describe, expect, test } from 'vitest';
import { bytes, collect, hex } from './collect.ts';
import { startsVp9Keyframe } from './vp9.ts';

const I = 0x80;
const P = 0x40;
const L = 0x20;
const F = 0x10;
const B = 0x08;
const E = 0x04;
const V = 0x02;
/** Frame marker, profile 0, keyframe shown; sync code, colour, size. */
const keyframe = (width: number, height: number) => {
  const bits =
    '10000010' +
    [0x49, 0x83, 0x42].map((byte) => byte.toString(2).padStart(8, '0')).join('') +
    '0010' +
    (width - 1).toString(2).padStart(16, '0') +
    (height - 1).toString(2).padStart(16, '0') +
    '0000';
  return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
};
const delta = [0x86, 1, 2];

test('a picture without layers is its packets without descriptors', () => {
  const frame = keyframe(640, 360);
  const { frames, drops } = collect('vp9', [
    { payload: [I | B, 0x81, 0x02, ...frame.slice(0, 3)] },
    { payload: [I | E, 0x81, 0x02, ...frame.slice(3)], marker: true },
    { payload: [I | P | F | B | E, 0x05, 0x02, ...delta], timestamp: 1, marker: true },
  ]);
  expect(drops).toEqual([]);
  expect(frames).toMatchObject([{ isKeyframe: true, width: 640, height: 360 }, { isKeyframe: false }]);
  expect(hex(frames[0]?.data)).toBe(hex(bytes(...frame)));
  expect(hex(frames[1]?.data)).toBe(hex(bytes(...delta)));
});

describe('a picture of spatial layers', () => {
  /** Two layers, 320x180 and 640x360, one picture in the group. */
  const structure = [0x38, 1, 0x40, 0, 0xb4, 2, 0x80, 1, 0x68, 1, 0x04, 1];
  const layer = (spatial: number) => [spatial << 1, 7];
  const packets = [
    { payload: [I | L | B | E | V, 1, ...layer(0), ...structure, ...keyframe(320, 180)] },
    { payload: [I | L | B | E, 1, ...layer(1), ...delta], marker: true },
  ];

  test('becomes a superframe of the size of its highest layer', () => {
    const { frames, drops } = collect('vp9', packets);
    expect(drops).toEqual([]);
    expect(frames).toMatchObject([{ isKeyframe: true, width: 640, height: 360 }]);
    const base = keyframe(320, 180);
    expect(hex(frames[0]?.data)).toBe(hex(bytes(...base, ...delta, 0xc9, base.length, 0, delta.length, 0, 0xc9)));
  });

  test('of which only the lowest comes has the size of that one', () => {
    const { frames } = collect('vp9', [{ ...packets[0], payload: packets[0]?.payload ?? [], marker: true }]);
    expect(frames).toMatchObject([{ width: 320, height: 180 }]);
  });

  test('has another size when the server goes over to fewer layers, and back', () => {
    const delta0 = [I | P | L | B | E, 2, ...layer(0), ...delta];
    const delta1 = [I | P | L | B | E, 2, ...layer(1), ...delta];
    const { frames } = collect('vp9', [
      ...packets,
      { payload: delta0, timestamp: 1, marker: true },
      { payload: delta0, timestamp: 2, marker: true },
      { payload: delta0, timestamp: 3 },
      { payload: delta1, timestamp: 3, marker: true },
    ]);
    expect(frames.map(({ width, height }) => [width, height])).toEqual([
      [640, 360],
      [320, 180],
      [undefined, undefined],
      [640, 360],
    ]);
  });

  test('in flexible mode is put together the same way, whatever it refers to', () => {
    const flexible = (spatial: number, ...references: number[]) => [
      I | P | L | F | B | E,
      0x81,
      0x02,
      spatial << 1,
      ...references,
      ...delta,
    ];
    const { frames, drops } = collect('vp9', [
      ...packets,
      { payload: flexible(0, 0x02), timestamp: 1 },
      { payload: flexible(1, 0x03, 0x05, 0x08), timestamp: 1, marker: true },
      { payload: flexible(0, 0x03, 0x05, 0x09, 0x02), timestamp: 2, marker: true },
    ]);
    expect(hex(frames[1]?.data)).toBe(hex(bytes(...delta, ...delta, 0xc9, 3, 0, 3, 0, 0xc9)));
    // RFC 9628 section 4.2: three references at most.
    expect(drops).toEqual(['malformed']);
  });

  test('that misses the end of a layer is incomplete', () => {
    const { drops } = collect('vp9', [{ payload: [I | L | B, 1, ...layer(0), ...keyframe(320, 180)], marker: true }]);
    expect(drops).toEqual(['incomplete']);
  });
});

test('a picture without its beginning is dropped', () => {
  const { frames, drops } = collect('vp9', [{ payload: [I | E, 1, ...delta], marker: true }]);
  expect(frames).toEqual([]);
  expect(drops).toEqual(['malformed']);
});

test('a beginning is the lowest layer of a picture that needs no other', () => {
  expect(startsVp9Keyframe(bytes(I | L | B, 1, 0, 7, 1))).toBe(true);
  expect(startsVp9Keyframe(bytes(I | L | B, 1, 2, 7, 1))).toBe(false);
  expect(startsVp9Keyframe(bytes(I | P | L | B, 1, 0, 7, 1))).toBe(false);
  expect(startsVp9Keyframe(bytes(I | L, 1, 0, 7, 1))).toBe(false);
});
