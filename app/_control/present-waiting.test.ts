import { expect, test } from 'vitest';
import { presentPlace, presentWaiting } from './present-waiting.ts';
import { attemptOf, failureOf } from './testing/attempt-of.ts';

const place = { before: 0, waitedMs: 0, restsMs: 0 };
const requested = { status: 'requested' as const };
const finalising = { status: 'finalising' as const };

test('a recording that a free worker takes at once waits for nothing', () => {
  expect(presentWaiting(requested, [], { ...place, waitedMs: 900 })).toBeNull();
  expect(presentWaiting(requested, [], undefined)).toBeNull();
});

test('one in the queue says how many are before it', () => {
  expect(presentWaiting(requested, [], { ...place, waitedMs: 1000 })?.message).toBe('Waiting for a free recorder.');
  expect(presentWaiting(requested, [], { ...place, before: 3 })).toEqual({
    reason: 'recorder',
    before: 3,
    message: 'Waiting for a free recorder, 3 before it.',
  });
});

test('one whose recorder failed says why, and when it goes on', () => {
  const attempts = [attemptOf({ outcome: failureOf() }), attemptOf({ state: 'queued' })];
  expect(presentWaiting(requested, attempts, { ...place, restsMs: 3500 })).toEqual({
    reason: 'retry',
    message: 'It failed. It is tried again in 4 s.',
  });
});

test('one that is over waits for what a recorder that broke off still has', () => {
  const broken = attemptOf({ outcome: failureOf(), segmentsPending: 1 });
  expect(presentWaiting(finalising, [broken], undefined)?.message).toMatch(/^Waiting for a segment of a recorder/);
  // Whose recorder is still at work waits for nobody.
  expect(presentWaiting(finalising, [attemptOf({ state: 'finalising', segmentsPending: 1 })], undefined)).toBeNull();
});

test('what is said changes when a place does, and not with every second', () => {
  const says = (change: Partial<typeof place>) => presentPlace({ ...place, ...change });
  expect(says({ waitedMs: 5000 })).toBe(says({ waitedMs: 60_000 }));
  expect(new Set([says({}), says({ waitedMs: 5000 }), says({ before: 1 }), says({ restsMs: 5000 })]).size).toBe(4);
});
