import { expect, it, test } from 'vitest';
import { layOutStoryboard, placeTiles, posterSize } from './storyboard-layout.ts';

const landscape = { width: 1280, height: 720 };

test.each([
  { what: 'a moment', durationMs: 300, tiles: 1, columns: 1, intervalMs: 1000 },
  { what: 'nothing', durationMs: 0, tiles: 1, columns: 1, intervalMs: 1000 },
  { what: 'half a minute', durationMs: 30_500, tiles: 31, columns: 10, intervalMs: 1000 },
  { what: 'an hour', durationMs: 3_600_000, tiles: 100, columns: 10, intervalMs: 36_000 },
  { what: 'a day and a bit', durationMs: 86_400_001, tiles: 100, columns: 10, intervalMs: 864_100 },
])('$what has $tiles tiles, one every $intervalMs ms', ({ durationMs, tiles, columns, intervalMs }) => {
  expect(layOutStoryboard({ durationMs, size: landscape })).toEqual({
    columns,
    tiles,
    intervalMs,
    tileWidth: 192,
    tileHeight: 108,
  });
});

test.each([
  { size: landscape, poster: [960, 540] },
  { size: { width: 720, height: 1280 }, poster: [540, 960] },
  { size: { width: 641, height: 361 }, poster: [642, 362] },
  { size: { width: 7680, height: 100 }, poster: [960, 32] },
  { size: undefined, poster: [960, 540] },
])('a poster of $size is $poster', ({ size, poster }) => {
  const { width, height } = posterSize({ size });
  expect([width, height]).toEqual(poster);
});

it('takes each tile from the part that is there at its time, and none from where there is no part', () => {
  const part = (startMs: number, durationMs: number) => {
    return { key: 'k', contentType: 'video/webm', sizeBytes: 1, startMs, durationMs };
  };
  const layout = layOutStoryboard({ durationMs: 6000, size: landscape });
  expect(placeTiles({ parts: [part(500, 2000), part(3600, 2400)] }, layout)).toEqual([
    { tile: 1, part: 0, atMs: 500 },
    { tile: 2, part: 0, atMs: 1500 },
    { tile: 4, part: 1, atMs: 400 },
    { tile: 5, part: 1, atMs: 1400 },
  ]);
});
