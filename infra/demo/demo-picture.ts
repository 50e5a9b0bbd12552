/**
 * The demo participant's moving picture, as I420: a dark room with a large counter of seconds, a ball that swings once
 * every two seconds, the frame's number in blocks below (frame-number.ts), and a white flash at every full second.
 * Everything is flat areas: cheap to draw, and cheap to encode, so that no encoder has a reason to drop a frame.
 */
import { drawFrameNumber, frameNumberTop } from './frame-number.ts';

const background = { y: 52, u: 140, v: 122 };
const ink = 205;
const white = 235;
/** The mean of the area above the blocks is well below this without a flash, and well above with one. */
const flashThreshold = 150;

export interface DemoPicture {
  /** I420. The same buffer every time: it is copied by whoever takes the frame. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** `timeMs`: since the first frame. */
  draw(frameNumber: number, timeMs: number, flash: boolean): void;
}

export function createDemoPicture(width: number, height: number): DemoPicture {
  const lumaBytes = width * height;
  const chromaBytes = (width / 2) * (height / 2);
  const data = new Uint8Array(lumaBytes + 2 * chromaBytes);
  const luma = data.subarray(0, lumaBytes);
  const top = frameNumberTop(height);
  const chromaTop = Math.floor(top / 2) * (width / 2);
  const u = data.subarray(lumaBytes, lumaBytes + chromaBytes);
  const v = data.subarray(lumaBytes + chromaBytes);
  u.fill(128);
  v.fill(128);

  function rectangle(left: number, y: number, right: number, bottom: number, value: number): void {
    const from = Math.max(0, Math.round(left));
    const to = Math.min(width, Math.round(right));
    for (let row = Math.max(0, Math.round(y)); row < Math.min(top, Math.round(bottom)); row++) {
      luma.fill(value, row * width + from, row * width + to);
    }
  }

  function disc(x: number, y: number, radius: number, value: number): void {
    for (let row = -radius; row <= radius; row++) {
      const half = Math.sqrt(radius * radius - row * row);
      rectangle(x - half, y + row, x + half, y + row + 1, value);
    }
  }

  function seconds(value: number): void {
    const digits = String(value % 10_000).padStart(2, '0');
    const digitHeight = top * 0.46;
    const digitWidth = digitHeight * 0.55;
    const step = digitWidth * 1.35;
    const left = width / 2 - (step * digits.length - (step - digitWidth)) / 2;
    Array.from(digits).forEach((digit, index) => {
      for (const [x, y, right, bottom] of segmentsOf(Number(digit))) {
        const at = left + index * step;
        rectangle(
          at + x * digitWidth,
          top * 0.3 + y * digitHeight,
          at + right * digitWidth,
          top * 0.3 + bottom * digitHeight,
          ink,
        );
      }
    });
  }

  return {
    data,
    width,
    height,
    draw(frameNumber, timeMs, flash) {
      luma.fill(flash ? white : background.y, 0, top * width);
      u.fill(flash ? 128 : background.u, 0, chromaTop);
      v.fill(flash ? 128 : background.v, 0, chromaTop);
      if (!flash) {
        seconds(Math.floor(timeMs / 1000));
        const radius = Math.max(2, Math.round(top * 0.06));
        const swing = Math.sin((timeMs / 1000) * Math.PI);
        disc(width / 2 + swing * width * 0.42, top * 0.14, radius, ink);
      }
      drawFrameNumber(luma, width, height, frameNumber);
    },
  };
}

/** True for a picture that flashes; `luma` as in frame-number.ts, of any size. */
export function isFlash(luma: Uint8Array, width: number, height: number): boolean {
  // Every fourth pixel of every fourth row is plenty for a mean.
  let sum = 0;
  let count = 0;
  for (let y = 0; y < frameNumberTop(height); y += 4) {
    for (let x = 0; x < width; x += 4) {
      sum += luma[y * width + x] ?? 0;
      count++;
    }
  }
  return count > 0 && sum / count > flashThreshold;
}

type Rectangle = [left: number, top: number, right: number, bottom: number];

/** Seven-segment digits in a unit square. */
function segmentsOf(digit: number): Rectangle[] {
  const t = 0.2;
  const segments: Record<string, Rectangle> = {
    a: [0, 0, 1, t / 2],
    b: [1 - t, 0, 1, 0.5],
    c: [1 - t, 0.5, 1, 1],
    d: [0, 1 - t / 2, 1, 1],
    e: [0, 0.5, t, 1],
    f: [0, 0, t, 0.5],
    g: [0, 0.5 - t / 4, 1, 0.5 + t / 4],
  };
  const lit = ['abcdef', 'bc', 'abged', 'abgcd', 'fgbc', 'afgcd', 'afgedc', 'abc', 'abcdefg', 'abcdfg'][digit] ?? '';
  return [...lit].map((name) => segments[name]).filter((segment) => segment !== undefined);
}
