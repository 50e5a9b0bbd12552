/**
 * Compares a recording of the demo participant with what that participant publishes: numbered frames, and a flash with a
 * beep every second.
 */
import { isFlash } from '../infra/demo/demo-picture.ts';
import { readFrameNumber } from '../infra/demo/frame-number.ts';
import { eachPicture, pictureTimes, toneStarts } from './decode.ts';

export const demoSize = { text: '640x360', width: 640, height: 360 };

export interface DemoComparison {
  firstFrame: number;
  lastFrame: number;
  pictures: number;
  /** Numbers between the first and the last that are in no picture. */
  missingFrames: number[];
  /** Pictures that carry no readable number, repeat one, or go back. */
  wrongPictures: string[];
  flashes: number;
  /** Largest distance between a flash and the beep nearest to it; infinite when there is a flash without a beep. */
  worstFlashToBeepMs: number;
}

export async function compareWithDemo(
  path: string,
  size: { width: number; height: number } = demoSize,
): Promise<DemoComparison> {
  const times = pictureTimes(path);
  const numbers: number[] = [];
  const wrongPictures: string[] = [];
  const flashStarts: number[] = [];
  let flashing = false;
  await eachPicture(path, size, (luma, index) => {
    const number = readFrameNumber(luma, size.width, size.height);
    const previous = numbers.at(-1);
    if (number === undefined) wrongPictures.push(`picture ${index}: no readable number`);
    else if (previous !== undefined && number <= previous)
      wrongPictures.push(`picture ${index}: ${number} after ${previous}`);
    else numbers.push(number);
    const flash = isFlash(luma, size.width, size.height);
    if (flash && !flashing) flashStarts.push(times[index] ?? Number.NaN);
    flashing = flash;
  });
  const firstFrame = numbers[0] ?? Number.NaN;
  const lastFrame = numbers.at(-1) ?? Number.NaN;
  const present = new Set(numbers);
  const missingFrames = Array.from({ length: lastFrame - firstFrame + 1 }, (_, i) => firstFrame + i).filter(
    (number) => !present.has(number),
  );
  // A tone that was sounding when the recording began, or was cut off by its end, has no flash to belong to, and the
  // other way round: what lies within half a second of either end is not compared.
  const end = times.at(-1) ?? 0;
  const inside = flashStarts.filter((time) => time > 0.5 && time < end - 0.5);
  const tones = await toneStarts(path);
  const distancesMs = inside.map((flash) => Math.min(...tones.map((tone) => Math.abs(tone - flash))) * 1000);
  return {
    firstFrame,
    lastFrame,
    pictures: times.length,
    missingFrames,
    wrongPictures,
    flashes: flashStarts.length,
    worstFlashToBeepMs: Math.max(...distancesMs),
  };
}
