/**
 * A number in a picture, in blocks large enough to survive any lossy coding and any scaling, so that a test can say which
 * frames of what was published are in a file.
 *
 * The lower third of the picture is a grid of 16 × 2 blocks, each 1/16 of the width and 1/6 of the height: light is 1,
 * dark is 0. Row by row from the top left:
 *
 *     row 0:  bits 23 … 8 of the number
 *     row 1:  bits  7 … 0 of the number, then the CRC-8 (polynomial 0x07, start 0xa5) of its three bytes, highest bit first
 *
 * The start value keeps a picture that is all dark or all light from being a number. A reader takes the mean of the
 * middle of each block, away from the edges that coding and scaling blur. The rest of the picture is anyone's.
 *
 * Blocks are striped, light ones across and dark ones downwards: libvpx' VP9 measures change by variance, and leaves out
 * a flat block that became another flat block.
 */

const columns = 16;
const rows = 2;
const dark = [16, 56] as const;
const light = [200, 240] as const;
const threshold = 128;
const stripePixels = 8;
export const largestFrameNumber = 0xff_ffff;

/** Where the blocks begin: picture rows from here down are theirs. */
export function frameNumberTop(height: number): number {
  return edge(2, 3, height);
}

/** Writes the number into the luma plane: 8 bits a pixel, `width` bytes a row, as I420 begins. */
export function drawFrameNumber(luma: Uint8Array, width: number, height: number, frameNumber: number): void {
  if (!Number.isInteger(frameNumber) || frameNumber < 0 || frameNumber > largestFrameNumber) {
    throw new RangeError(`a frame number is an integer from 0 to ${largestFrameNumber}, not ${frameNumber}`);
  }
  const bits = frameNumber * 256 + checkOf(frameNumber);
  const lines = [new Uint8Array(width), new Uint8Array(width)] as const;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const bit = Math.floor(bits / 2 ** (31 - row * columns - column)) % 2;
      for (let x = edge(column, columns, width); x < edge(column + 1, columns, width); x++) {
        lines[0][x] = bit === 1 ? light[0] : dark[stripeAt(x)];
        lines[1][x] = bit === 1 ? light[1] : dark[stripeAt(x)];
      }
    }
    for (let y = rowTop(row, height); y < rowTop(row + 1, height); y++) luma.set(lines[stripeAt(y)], y * width);
  }
}

/** The number in a picture of any size; undefined when there is none, or it cannot be read with certainty. */
export function readFrameNumber(luma: Uint8Array, width: number, height: number): number | undefined {
  let bits = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const mean = meanOf(luma, width, {
        left: edge(column + 0.3, columns, width),
        right: edge(column + 0.7, columns, width),
        top: rowTop(row + 0.3, height),
        bottom: rowTop(row + 0.7, height),
      });
      bits = bits * 2 + (mean > threshold ? 1 : 0);
    }
  }
  const frameNumber = Math.floor(bits / 256);
  return bits % 256 === checkOf(frameNumber) ? frameNumber : undefined;
}

function stripeAt(position: number): 0 | 1 {
  return Math.floor(position / stripePixels) % 2 === 0 ? 0 : 1;
}

function rowTop(row: number, height: number): number {
  return edge(4 + row, 6, height);
}

function edge(part: number, parts: number, size: number): number {
  return Math.round((part * size) / parts);
}

function meanOf(
  luma: Uint8Array,
  width: number,
  area: { left: number; right: number; top: number; bottom: number },
): number {
  let sum = 0;
  // At least one pixel, however small the picture.
  const right = Math.max(area.right, area.left + 1);
  const bottom = Math.max(area.bottom, area.top + 1);
  for (let y = area.top; y < bottom; y++) {
    for (let x = area.left; x < right; x++) sum += luma[y * width + x] ?? 0;
  }
  return sum / ((right - area.left) * (bottom - area.top));
}

function checkOf(frameNumber: number): number {
  let crc = 0xa5;
  for (const shift of [16, 8, 0]) {
    crc ^= (frameNumber >> shift) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}
