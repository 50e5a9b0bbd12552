import { expect, it } from 'vitest';
import { fileName, groupByMedium, type PlayableMedium, zeroOf } from './media-parts.ts';

function file(medium: 'camera' | 'screen', part = 1): PlayableMedium {
  const rest = { startMs: 0, zeroMs: 0, url: '', contentType: 'video/webm', sizeBytes: 1, durationMs: 1, sha256: null };
  return { medium, part, finished: false, ...rest };
}

it('puts the parts of a medium together, in order', () => {
  const media = [file('camera', 1), file('camera', 2), file('screen')];
  expect(groupByMedium(media)).toEqual([[media[0], media[1]], [media[2]]]);
  expect(groupByMedium([])).toEqual([]);
});

it('names a file by what tells it from the others', () => {
  const names = (media: PlayableMedium[]) => media.map((one) => fileName(one, media));
  expect(names([file('camera')])).toEqual(['']);
  expect(names([file('camera'), file('screen')])).toEqual(['camera', 'screen']);
  expect(names([file('camera', 1), file('camera', 2)])).toEqual(['part 1', 'part 2']);
  expect(names([file('camera', 1), file('camera', 2), file('screen')])).toEqual([
    'camera part 1',
    'camera part 2',
    'screen',
  ]);
});

it('finds out whether a browser keeps the times of a file that begins later', () => {
  const growing = { startMs: 40_000, zeroMs: 2_000 };
  expect(zeroOf(growing, { currentTime: 38 })).toBe(2_000);
  expect(zeroOf(growing, { currentTime: 0 })).toBe(40_000);
  expect(zeroOf({ startMs: 5_000, zeroMs: 5_000 }, { currentTime: 0 })).toBe(5_000);
});
