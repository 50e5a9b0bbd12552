import { expect, test } from 'vitest';
import { findHoles } from './find-holes.ts';

/** A clip of 600 frames in a circle, 30 a second. */
const sent = Array.from({ length: 2000 }, (_, index) => ({
  hash: `frame ${index % 600}`,
  atMs: 5000 + (index * 100) / 3,
}));
const recordedOf = (from: number, to: number, offsetMs = 0) =>
  sent.slice(from, to).map(({ hash, atMs }) => ({ hash, timeMs: atMs - 7000 + offsetMs }));

test('a file that holds everything from its beginning on has no hole', () => {
  const comparison = findHoles(sent, recordedOf(60, 1900));
  expect(comparison).toMatchObject({ found: 1840, holes: [], unexpected: 0, firstMs: sent[60]?.atMs });
});

test('a hole is told with its frames, also when it is longer than the clip', () => {
  const comparison = findHoles(sent, [...recordedOf(60, 400), ...recordedOf(1150, 1900)]);
  expect(comparison.unexpected).toBe(0);
  expect(comparison.holes).toEqual([
    expect.objectContaining({ fromMs: sent[400]?.atMs, toMs: sent[1150]?.atMs, frames: 750 }),
  ]);
});

test('a file whose clock moved a little at a join is still understood', () => {
  const comparison = findHoles(sent, [...recordedOf(60, 400), ...recordedOf(520, 900, 700)]);
  expect(comparison).toMatchObject({ unexpected: 0, holes: [{ frames: 120 }] });
});

test('a frame that is there twice is unexpected', () => {
  const comparison = findHoles(sent, [...recordedOf(60, 400), ...recordedOf(380, 500)]);
  expect(comparison).toMatchObject({ found: 440, unexpected: 20, holes: [] });
});

test('frames that were never sent are unexpected', () => {
  expect(findHoles(sent, [{ hash: 'nobody sent this', timeMs: 0 }])).toMatchObject({ found: 0, unexpected: 1 });
});
