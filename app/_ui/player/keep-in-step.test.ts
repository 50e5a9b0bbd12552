import { expect, it } from 'vitest';
import { keepInStep } from './keep-in-step.ts';

const place = {
  leaderMs: 12_000,
  leaderRate: 1,
  leaderWaits: false,
  startMs: 10_000,
  durationMs: 60_000,
  zeroMs: 10_000,
  followerS: 2,
};

it('leaves alone what shows the same moment, at the speed of the leader', () => {
  expect(keepInStep(place)).toEqual({ atS: 2, jump: false, playbackRate: 1 });
  expect(keepInStep({ ...place, leaderRate: 2, followerS: 2.05 })).toMatchObject({ jump: false, playbackRate: 2 });
});

it('lets a small distance pass away unheard, and jumps over a large one', () => {
  expect(keepInStep({ ...place, followerS: 1.9 })).toMatchObject({ jump: false, playbackRate: 1.05 });
  expect(keepInStep({ ...place, followerS: 2.1 })).toMatchObject({ jump: false, playbackRate: 0.95 });
  expect(keepInStep({ ...place, followerS: 1 })).toEqual({ atS: 2, jump: true, playbackRate: 1 });
});

it('shows the very picture while the leader stands still: a small distance would never pass', () => {
  expect(keepInStep({ ...place, leaderWaits: true, followerS: 1.9 })).toMatchObject({ atS: 2, jump: true });
  expect(keepInStep({ ...place, leaderWaits: true, followerS: 2.02 })).toMatchObject({ jump: false });
});

it('shows nothing before it begins and after it has ended', () => {
  expect(keepInStep({ ...place, leaderMs: 9_499 }).atS).toBeUndefined();
  expect(keepInStep({ ...place, leaderMs: 70_501 }).atS).toBeUndefined();
  expect(keepInStep({ ...place, leaderMs: 10_000 }).atS).toBe(0);
  expect(keepInStep({ ...place, leaderMs: 70_400 }).atS, 'its last picture stands for a moment').toBe(60);
  expect(keepInStep({ ...place, leaderMs: 9_600 }).atS, 'and its first').toBe(0);
});

it('goes by the times of the file, which need not begin at 0', () => {
  expect(keepInStep({ ...place, zeroMs: 4_000, followerS: 8 })).toEqual({ atS: 8, jump: false, playbackRate: 1 });
  expect(keepInStep({ ...place, zeroMs: 4_000, leaderMs: 9_499 }).atS).toBeUndefined();
});

it('comes together from any distance, and stays together', () => {
  let followerS = 0.2;
  let leaderMs = 10_000;
  for (let step = 0; step < 100; step++) {
    const move = keepInStep({ ...place, leaderMs, followerS });
    leaderMs += 250;
    followerS = (move.jump ? (move.atS ?? 0) : followerS) + 0.25 * move.playbackRate;
  }
  expect(Math.abs((leaderMs - 10_000) / 1000 - followerS)).toBeLessThan(0.04);
});
