import { describe, expect, test } from 'vitest';
import { collect, hex } from './collect.ts';
import { startsVp8Keyframe } from './vp8.ts';

/** Extended descriptor: 15-bit picture id, TL0PICIDX, TID and KEYIDX; S set or not. */
const descriptor = (start: boolean) => [start ? 0x90 : 0x80, 0xf0, 0x81, 0x23, 5, 0x20];
const size = (width: number, height: number) => [width & 0xff, width >> 8, height & 0xff, height >> 8];
const keyframe = (width: number, height: number) => [0x10, 0, 0, 0x9d, 0x01, 0x2a, ...size(width, height), 7];
const delta = (value: number) => [0x11, value, value];

test('a frame of several packets is put together without descriptors, with the size of a keyframe', () => {
  const data = keyframe(640, 360);
  const { frames, drops } = collect('vp8', [
    { payload: [...descriptor(true), ...data.slice(0, 4)], timestamp: 90 },
    { payload: [...descriptor(false), ...data.slice(4)], timestamp: 90, marker: true },
  ]);
  expect(frames).toMatchObject([
    {
      codec: 'vp8',
      rtpTimestamp: 90,
      isKeyframe: true,
      width: 640,
      height: 360,
      afterLoss: false,
      receivedAtMicros: 1,
    },
  ]);
  expect(hex(frames[0]?.data)).toBe(hex(Uint8Array.from(data)));
  expect(drops).toEqual([]);
});

test('every form of the descriptor is skipped', () => {
  for (const form of [
    [0x10],
    [0x90, 0x80, 0x01],
    [0x90, 0x80, 0x81, 0x01],
    [0x90, 0x40, 1],
    [0x90, 0x10, 1],
    [0x90, 0],
  ]) {
    const { frames } = collect('vp8', [{ payload: [...form, ...delta(1)], marker: true }]);
    expect(hex(frames[0]?.data)).toBe('110101');
  }
});

test('a frame with a gap in it is incomplete, and the next one is after a loss', () => {
  const { frames, drops } = collect('vp8', [
    { payload: [0x10, ...delta(1)], timestamp: 1 },
    { payload: [0x00, ...delta(2)], timestamp: 1, marker: true, afterGap: true },
    { payload: [0x10, ...delta(3)], timestamp: 2, marker: true },
    { payload: [0x10, ...delta(4)], timestamp: 3, marker: true },
  ]);
  expect(drops).toEqual(['incomplete', 'incomplete']);
  expect(frames.map(({ rtpTimestamp, afterLoss }) => [rtpTimestamp, afterLoss])).toEqual([
    [2, true],
    [3, false],
  ]);
});

test('whole frames lost between two leave both as they are', () => {
  const { frames, drops } = collect('vp8', [
    { payload: [0x10, ...delta(1)], timestamp: 1, marker: true },
    { payload: [0x10, ...delta(2)], timestamp: 3, marker: true, afterGap: true },
  ]);
  expect(drops).toEqual([]);
  expect(frames.map((frame) => frame.afterLoss)).toEqual([false, true]);
});

describe('a frame the server cut off to go over to another layer', () => {
  const cut = { payload: [0x10, ...delta(1)], timestamp: 1 };
  test('is no loss when a keyframe follows', () => {
    const { frames, drops } = collect('vp8', [
      cut,
      { payload: [0x10, ...keyframe(1280, 720)], timestamp: 2, marker: true },
    ]);
    expect(drops).toEqual(['cut-off']);
    expect(frames).toMatchObject([{ isKeyframe: true, afterLoss: false }]);
  });

  test('is one when none follows', () => {
    const { frames } = collect('vp8', [cut, { payload: [0x10, ...delta(2)], timestamp: 2, marker: true }]);
    expect(frames).toMatchObject([{ isKeyframe: false, afterLoss: true }]);
  });
});

test('padding and the pictures a server makes up are dropped, and are no loss', () => {
  const { frames, drops } = collect('vp8', [
    { payload: [0x10, ...delta(1)], timestamp: 1, marker: true },
    { payload: [], timestamp: 1 },
    { payload: [0x10, ...keyframe(8, 8)], timestamp: 2, marker: true },
    { payload: [0x10, ...delta(2)], timestamp: 3, marker: true },
  ]);
  expect(drops).toEqual(['padding', 'server-filler']);
  expect(frames.map((frame) => frame.afterLoss)).toEqual([false, false]);
});

test('a beginning is the first packet of a keyframe', () => {
  expect(startsVp8Keyframe(Uint8Array.from([...descriptor(true), ...keyframe(640, 360)]))).toBe(true);
  expect(startsVp8Keyframe(Uint8Array.from([...descriptor(false), ...keyframe(640, 360)]))).toBe(false);
  expect(startsVp8Keyframe(Uint8Array.from([...descriptor(true), ...delta(1)]))).toBe(false);
  expect(startsVp8Keyframe(Uint8Array.from([0x90]))).toBe(false);
});
