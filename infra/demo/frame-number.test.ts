import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDemoPicture, isFlash } from './demo-picture.ts';
import { drawFrameNumber, largestFrameNumber, readFrameNumber } from './frame-number.ts';

const sizes = [
  [1280, 720],
  [640, 360],
  [322, 182],
  [160, 90],
] as const;

test('every number is read back, at every size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: largestFrameNumber }),
      fc.constantFrom(...sizes),
      (number, [width, height]) => {
        const luma = new Uint8Array(width * height);
        drawFrameNumber(luma, width, height, number);
        expect(readFrameNumber(luma, width, height)).toBe(number);
      },
    ),
    { numRuns: 60 },
  );
});

test('a number survives scaling, noise and a limited range', () => {
  const large = new Uint8Array(1280 * 720);
  drawFrameNumber(large, 1280, 720, 123_456);
  const small = new Uint8Array(200 * 114);
  for (let y = 0; y < 114; y++) {
    for (let x = 0; x < 200; x++) {
      const sample = large[Math.floor((y * 720) / 114) * 1280 + Math.floor((x * 1280) / 200)] ?? 0;
      const noise = ((x * 7919 + y * 104_729) % 61) - 30;
      small[y * 200 + x] = Math.max(0, Math.min(255, 16 + sample * 0.86 + noise));
    }
  }
  expect(readFrameNumber(small, 200, 114)).toBe(123_456);
});

test('a picture without a number, or with a damaged one, reads as none', () => {
  const luma = new Uint8Array(640 * 360);
  expect(readFrameNumber(luma, 640, 360)).toBeUndefined();
  expect(readFrameNumber(luma.fill(255), 640, 360)).toBeUndefined();
  drawFrameNumber(luma, 640, 360, 77);
  // One block turned over.
  for (let y = 240; y < 300; y++) luma.fill(224, y * 640 + 80, y * 640 + 120);
  expect(readFrameNumber(luma, 640, 360)).toBeUndefined();
});

test('a number that does not fit is refused', () => {
  expect(() => drawFrameNumber(new Uint8Array(64 * 64), 64, 64, largestFrameNumber + 1)).toThrow(/from 0 to 16777215/);
});

test('a flash is told from the picture, with the number in both', () => {
  for (const [width, height] of [
    [1280, 720],
    [160, 90],
  ] as const) {
    const picture = createDemoPicture(width, height);
    const luma = picture.data.subarray(0, width * height);
    picture.draw(8888, 8_888_000, false);
    expect(isFlash(luma, width, height)).toBe(false);
    expect(readFrameNumber(luma, width, height)).toBe(8888);
    picture.draw(8889, 8_889_000, true);
    expect(isFlash(luma, width, height)).toBe(true);
    expect(readFrameNumber(luma, width, height)).toBe(8889);
  }
});
