import { expect, it } from 'vitest';
import type { LiveParticipant, Recording } from '../../_control/api.ts';
import { filterGroups } from './filter-groups.ts';
import type { RoomGroup } from './group-rooms.ts';

const person = (identity: string, status?: Recording['status']) => ({
  identity,
  participant: { identity, name: `${identity} Smith` } as LiveParticipant,
  recording: status && ({ status } as Recording),
});
const groups: RoomGroup[] = [
  { name: 'Main stage', room: undefined, rows: [person('ann', 'recording'), person('ben')] },
  { name: 'Lobby', room: undefined, rows: [person('cleo', 'finalising')] },
];
const found = (text: string, who: Parameters<typeof filterGroups>[2] = 'everyone') =>
  filterGroups(groups, text, who).map(({ name, rows }) => [name, ...rows.map(({ identity }) => identity)]);

it('finds rooms by name with everybody in them, and people by identity or name', () => {
  expect(found(' STAGE ')).toEqual([['Main stage', 'ann', 'ben']]);
  expect(found('cleo s')).toEqual([['Lobby', 'cleo']]);
  expect(found('nobody')).toEqual([]);
});

it('tells who is recorded from who is not; what is only being finished is not', () => {
  expect(found('', 'recorded')).toEqual([['Main stage', 'ann']]);
  expect(found('', 'not-recorded')).toEqual([
    ['Main stage', 'ben'],
    ['Lobby', 'cleo'],
  ]);
});

it('leaves groups that fit as they are', () => {
  expect(filterGroups(groups, '', 'everyone')).toBe(groups);
  expect(filterGroups(groups, 'lobby', 'everyone')[0]).toBe(groups[1]);
});
