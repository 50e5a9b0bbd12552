import { expect, test } from 'vitest';
import { reconnectDelayMs } from './reconnect-delay.ts';

test('pauses double from a quarter second to two seconds, and stay there', () => {
  const longest = (attempt: number) => reconnectDelayMs(attempt, () => 1);
  expect([1, 2, 3, 4, 5, 6, 1000].map(longest)).toEqual([250, 500, 1000, 2000, 2000, 2000, 2000]);
});

test('a third of a pause is chance', () => {
  expect(reconnectDelayMs(3, () => 0)).toBe(667);
  expect(reconnectDelayMs(3, () => 0.5)).toBe(833);
});
