import { expect, test } from 'vitest';
import { MAX_STREAMS, MAX_STREAMS_OF_ONE, StreamSlots } from './stream-slots.ts';

function takeAll(slots: StreamSlots, whose: string): number {
  for (let taken = 0; ; taken++) if (!slots.take(whose)) return taken;
}

test('one person cannot take the streams of all others', () => {
  const slots = new StreamSlots();
  expect(takeAll(slots, 'ann')).toBe(MAX_STREAMS_OF_ONE);
  expect(takeAll(slots, 'ben')).toBe(MAX_STREAMS - MAX_STREAMS_OF_ONE);
  expect(slots.open).toBe(MAX_STREAMS);
});

test('what is given back can be taken again, by the same and by another one', () => {
  const slots = new StreamSlots();
  takeAll(slots, 'ann');
  slots.giveBack('ann');
  expect(takeAll(slots, 'ann')).toBe(1);
  for (let turn = 0; turn < MAX_STREAMS_OF_ONE; turn++) slots.giveBack('ann');
  expect(slots.open).toBe(0);
  expect(takeAll(slots, 'ben')).toBe(MAX_STREAMS_OF_ONE);
});
