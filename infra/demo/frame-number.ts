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
 */

const columns = 16;
const rows = 2;
const dark = 32;
const light = 224;
const threshold = (dark + light) / 2;
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
  const line = new Uint8Array(width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const bit = Math.floor(bits / 2 ** (31 - row * columns - column)) % 2;
      line.fill(bit === 1 ? light : dark, edge(column, columns, width), edge(column + 1, columns, width));
    }
    for (let y = rowTop(row, height); y < rowTop(row + 1, height); y++) luma.set(line, y * width);
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
