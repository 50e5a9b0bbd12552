import { expect, it } from 'vitest';
import type { Recording } from '../../_control/api.ts';
import { listHref, matchesFilter, parseListFilter } from './list-filter.ts';

const recording = { room: 'Standup', identity: 'Ada', status: 'absent' } as Recording;

it('reads back the address it writes', () => {
  const filter = { group: 'failed', q: 'a&b ü', cursor: 'x=' } as const;
  const address = new URL(listHref(filter), 'http://localhost');
  expect(parseListFilter(Object.fromEntries(address.searchParams))).toEqual(filter);
});

it('leaves defaults out of the address', () => {
  expect(listHref({ group: 'all', q: '', cursor: null })).toBe('/recordings');
});

it('shows everything for an address it does not understand', () => {
  expect(parseListFilter({ status: 'constructor', q: ['one', 'two'] })).toEqual({
    group: 'all',
    q: 'one',
    cursor: null,
  });
});

it('counts absent among the failed and searches room and identity without regard to case', () => {
  expect(matchesFilter(recording, { group: 'failed', q: 'STAND', cursor: null })).toBe(true);
  expect(matchesFilter(recording, { group: 'all', q: 'ada', cursor: null })).toBe(true);
  expect(matchesFilter(recording, { group: 'ready', q: '', cursor: null })).toBe(false);
  expect(matchesFilter(recording, { group: 'all', q: 'bob', cursor: null })).toBe(false);
});
