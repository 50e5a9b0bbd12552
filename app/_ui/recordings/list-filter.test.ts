import { expect, it } from 'vitest';
import type { Recording } from '../../_control/api.ts';
import {
  countFilters,
  isFiltered,
  type ListFilter,
  listHref,
  matchesFilter,
  noFilter,
  parseListFilter,
} from './list-filter.ts';

const ruleId = '00000000-0000-4000-8000-000000000000';
const recording = {
  room: 'Standup',
  identity: 'Ada Lovelace',
  status: 'absent',
  origin: 'rule',
  ruleId,
  requestedAt: '2026-03-01T10:00:00.000Z',
} as Recording;

const read = (address: string) =>
  parseListFilter(Object.fromEntries(new URL(address, 'http://localhost').searchParams));
const matches = (change: Partial<ListFilter>) => matchesFilter(recording, { ...noFilter, ...change });

it('reads back the address it writes', () => {
  const filter: ListFilter = {
    status: 'failed',
    q: 'a&b ü',
    room: 'x=1',
    identity: '💥',
    origin: 'rule',
    rule: ruleId,
    from: new Date('2026-03-01T00:00:00Z'),
    to: new Date('2026-03-02T00:00:00Z'),
    sort: 'largest',
    cursor: 'x_-',
  };
  expect(read(listHref(noFilter, filter))).toEqual(filter);
});

it('leaves defaults out of the address', () => {
  expect(listHref(noFilter)).toBe('/recordings');
});

it('begins with the first page when the filter or the order changes', () => {
  const filter = { ...noFilter, cursor: 'x', q: 'a' };
  expect(listHref(filter, { sort: 'room' })).toBe('/recordings?q=a&sort=room');
});

it('shows everything for an address it does not understand', () => {
  const odd = {
    status: 'constructor',
    rule: 'x',
    from: 'yesterday',
    to: '+275760-09-13T00:00:00Z',
    sort: 'best',
    origin: '',
  };
  expect(parseListFilter(odd)).toEqual(noFilter);
  expect(parseListFilter({ q: ['one', 'two'] }).q).toBe('one');
});

it('counts absent among the failed and searches room and identity without regard to case', () => {
  expect(matches({ status: 'failed', q: 'STAND' })).toBe(true);
  expect(matches({ q: 'ada' })).toBe(true);
  expect(matches({ status: 'ready' })).toBe(false);
  expect(matches({ q: 'bob' })).toBe(false);
});

it('searches for one or two characters where a name or a word begins', () => {
  expect(matches({ q: 'lo' })).toBe(true);
  expect(matches({ q: 'ov' })).toBe(false);
});

it('takes what all filters agree on', () => {
  const from = new Date('2026-03-01T10:00:00Z');
  expect(matches({ origin: 'rule', rule: ruleId, from, room: 'Standup' })).toBe(true);
  expect(matches({ from, room: 'standup' })).toBe(false);
  expect(matches({ to: from })).toBe(false);
});

it('counts a time range once, and neither status nor search, which can be seen', () => {
  const range = { from: new Date(0), to: new Date(1) };
  expect(countFilters({ ...noFilter, ...range, status: 'ready', q: 'a' })).toBe(1);
  expect(isFiltered({ ...noFilter, status: 'ready' })).toBe(true);
  expect(isFiltered({ ...noFilter, sort: 'room', cursor: 'x' })).toBe(false);
});
