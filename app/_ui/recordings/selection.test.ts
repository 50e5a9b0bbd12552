import { expect, it } from 'vitest';
import { among, nothingSelected, selectTo, toggle, toggleAll } from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];
const idsOf = ({ ids }: { ids: ReadonlySet<string> }) => [...ids].sort().join('');

it('selects a range from where the last one was selected, in either direction', () => {
  const at = toggle(nothingSelected, 'c');
  expect(idsOf(selectTo(at, 'e', order))).toBe('cde');
  expect(idsOf(selectTo(at, 'a', order))).toBe('abc');
});

it('keeps where a range begins, so that a second one grows from the same row', () => {
  const once = selectTo(toggle(nothingSelected, 'b'), 'c', order);
  expect(idsOf(selectTo(once, 'd', order))).toBe('bcd');
});

it('selects only the row itself when the range would begin on another page', () => {
  expect(idsOf(selectTo({ ids: new Set(), anchor: 'gone' }, 'd', order))).toBe('d');
});

it('toggles everything, and is nothing when everything was', () => {
  const all = toggleAll(toggle(nothingSelected, 'a'), order);
  expect(idsOf(all)).toBe('abcde');
  expect(idsOf(toggleAll(all, order))).toBe('');
});

it('forgets what is not there any more', () => {
  expect(idsOf(among({ ids: new Set(['a', 'x']), anchor: 'x' }, order))).toBe('a');
});
