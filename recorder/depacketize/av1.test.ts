import { expect, test } from 'vitest';
import { startsAv1Keyframe } from './av1.ts';
import { readAv1Size } from './av1-size.ts';
import { bytes, collect, hex } from './collect.ts';

/** Of libaom: a sequence of 640x360. */
const sequenceBody = [0x00, 0x00, 0x00, 0x0c, 0xc4, 0xff, 0x67, 0x36, 0xbe, 0x40, 0x10];
const sequence = [0x08, ...sequenceBody];
const keyframe = [0x30, 0x10, 1, 2, 3];
const delta = [0x30, 0x30, 4, 5];
const delimiter = [0x10];
const Z = 0x80;
const Y = 0x40;
const N = 0x08;
const count = (value: number) => value << 4;

const sized = (header: number, ...body: number[]) => hex(bytes(header | 2, body.length, ...body));

test('OBUs get their sizes back, and the delimiter is left out', () => {
  const { frames, drops } = collect('av1', [
    {
      payload: [N | count(3), delimiter.length, ...delimiter, sequence.length, ...sequence, ...keyframe],
      marker: true,
    },
    { payload: [0, delta.length, ...delta], timestamp: 1, marker: true },
  ]);
  expect(drops).toEqual([]);
  expect(frames).toMatchObject([{ isKeyframe: true, width: 640, height: 360 }, { isKeyframe: false }]);
  expect(hex(frames[0]?.data)).toBe(sized(0x08, ...sequenceBody) + sized(0x30, ...keyframe.slice(1)));
  expect(hex(frames[1]?.data)).toBe(sized(0x30, ...delta.slice(1)));
});

test('an OBU over several packets is one', () => {
  const { frames, drops } = collect('av1', [
    { payload: [N | Y | count(2), sequence.length, ...sequence, ...keyframe.slice(0, 2)] },
    { payload: [Z | Y | count(1), ...keyframe.slice(2, 3)] },
    { payload: [Z | count(1), ...keyframe.slice(3)], marker: true },
  ]);
  expect(drops).toEqual([]);
  expect(hex(frames[0]?.data)).toBe(sized(0x08, ...sequenceBody) + sized(0x30, ...keyframe.slice(1)));
});

test('an OBU whose header is cut in two is one', () => {
  const { frames, drops } = collect('av1', [
    { payload: [N | Y | count(1), 0x36] },
    { payload: [Z | Y | count(1), 0x28] },
    { payload: [Z | count(1), 2, 0x10, 9], marker: true },
  ]);
  expect(drops).toEqual([]);
  expect(frames[0]?.isKeyframe).toBe(true);
  expect(hex(frames[0]?.data)).toBe('3628021009');
});

test('a picture of spatial layers is one unit, a keyframe when its base layer is', () => {
  const base = [0x34, 0x00, 0x10, 1];
  const upper = [0x34, 0x08, 0x30, 2];
  const { frames } = collect('av1', [
    { payload: [N | count(2), sequence.length, ...sequence, ...base] },
    { payload: [count(1), ...upper], marker: true },
    { payload: [count(1), 0x34, 0x00, 0x30, 3], timestamp: 1 },
    { payload: [count(1), ...upper], timestamp: 1, marker: true },
  ]);
  expect(frames.map((frame) => frame.isKeyframe)).toEqual([true, false]);
  expect(hex(frames[1]?.data)).toBe('36000230033608023002');
});

test('an OBU that has its size already, and one with layer ids, keep their headers', () => {
  const { frames } = collect('av1', [{ payload: [count(1), 0x36, 0x28, 2, 0x30, 9], marker: true }]);
  expect(hex(frames[0]?.data)).toBe('3628023009');
});

test('sizes over 127 take more bytes', () => {
  const body = [0x30, ...new Array<number>(299).fill(7)];
  const { frames } = collect('av1', [{ payload: [count(1), 0x30, ...body], marker: true }]);
  expect(hex(frames[0]?.data)).toBe(`32ac02${hex(bytes(...body))}`);
});

test.each([
  ['a continuation of nothing', [Z | count(1), 1, 2], 'malformed'],
  ['an element longer than the packet', [0, 9, 0x30], 'malformed'],
  ['a size that never ends', [0, 0xff, 0xff, 0xff], 'malformed'],
  ['a unit that goes on in a packet that is not there', [Y | count(1), ...keyframe], 'incomplete'],
  ['a unit without a picture', [count(1), ...sequence], 'malformed'],
])('%s is dropped', (_what, payload, reason) => {
  const { frames, drops } = collect('av1', [{ payload, marker: true }]);
  expect(frames).toEqual([]);
  expect(drops).toEqual([reason]);
});

test('the size is read from the sequence header', () => {
  expect(readAv1Size(bytes(...sequenceBody))).toEqual({ width: 640, height: 360 });
});

test('a beginning says so', () => {
  expect(startsAv1Keyframe(bytes(N | count(1), 0x08))).toBe(true);
  expect(startsAv1Keyframe(bytes(N | Z | count(1), 0x08))).toBe(false);
  expect(startsAv1Keyframe(bytes(count(1), 0x30))).toBe(false);
  expect(startsAv1Keyframe(bytes())).toBe(false);
});

test('a beginning is told by the dependency descriptor too', () => {
  const payload = bytes(count(1), 0x30);
  const structure = [0x80, 0x00];
  expect(startsAv1Keyframe(payload, bytes(0x80, 0, 1, ...structure))).toBe(true);
  // Of a frame in the middle, without a structure, and with none of the extended fields.
  expect(startsAv1Keyframe(payload, bytes(0x00, 0, 1, ...structure))).toBe(false);
  expect(startsAv1Keyframe(payload, bytes(0x80, 0, 1, 0x40))).toBe(false);
  expect(startsAv1Keyframe(payload, bytes(0xc0, 0, 1))).toBe(false);
  expect(startsAv1Keyframe(bytes(Z | count(1), 0x30), bytes(0x80, 0, 1, ...structure))).toBe(false);
});
