import { expect, it } from 'vitest';
import { gapsSoFar } from './gaps-so-far.ts';

const gap = (kind: 'video' | 'audio', fromMs: number, toMs: number, reason = 'participant-away') => ({
  medium: 'camera' as const,
  kind,
  fromMs,
  toMs,
  reason,
});

it('counts a gap of several tracks once', () => {
  expect(gapsSoFar([gap('video', 1000, 3000), gap('audio', 1200, 3500), gap('video', 9000, 9500)])).toEqual({
    count: 2,
    totalMs: 3000,
  });
});

it('does not count that nobody spoke', () => {
  expect(gapsSoFar([gap('audio', 0, 60_000, 'silence')])).toEqual({ count: 0, totalMs: 0 });
});

it('counts a pause that was cut out with the time it took, once for all tracks', () => {
  const cut = { ...gap('video', 4000, 4000, 'paused'), cutMs: 7000 };
  expect(gapsSoFar([cut, { ...cut, kind: 'audio' }])).toEqual({ count: 1, totalMs: 7000 });
});
