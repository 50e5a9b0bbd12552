import { expect, it } from 'vitest';
import type { LiveRoom, Recording } from '../../_control/api.ts';
import { groupRooms } from './group-rooms.ts';

const room = (name: string, ...identities: string[]) =>
  ({ sid: name, name, participants: identities.map((identity) => ({ sid: identity, identity })) }) as LiveRoom;
const recording = (name: string, identity: string, status: Recording['status'] = 'recording') =>
  ({ id: `${name}/${identity}/${status}`, room: name, identity, status }) as Recording;
const shape = (groups: ReturnType<typeof groupRooms>) =>
  groups.map(({ name, rows }) => [name, ...rows.map(({ identity }) => identity)]);

it('lists rooms and people by name, numbers by their value', () => {
  const groups = groupRooms([room('Room 10', 'b', 'a'), room('Room 2', 'x')], []);
  expect(shape(groups)).toEqual([
    ['Room 2', 'x'],
    ['Room 10', 'a', 'b'],
  ]);
});

it('keeps the row of somebody who is away while the recording waits', () => {
  const groups = groupRooms([room('r', 'ann', 'cleo')], [recording('r', 'ben')]);
  expect(shape(groups)).toEqual([['r', 'ann', 'ben', 'cleo']]);
  expect(groups[0]?.rows[1]).toMatchObject({ participant: undefined, recording: { identity: 'ben' } });
});

it('shows a room that has gone while something of it is being finished, and no room where nobody is', () => {
  const groups = groupRooms([room('empty')], [recording('gone', 'ann', 'finalising')]);
  expect(groups.map(({ name, room }) => [name, room])).toEqual([['gone', undefined]]);
});

it('shows the running recording of somebody whose last one is being finished', () => {
  const both = [recording('r', 'ann', 'finalising'), recording('r', 'ann')];
  for (const order of [both, [...both].reverse()]) {
    expect(groupRooms([], order)[0]?.rows.map((row) => row.recording?.status)).toEqual(['recording']);
  }
});

it('replaces only the rows and groups that changed', () => {
  const rooms = [room('a', 'ann', 'amy'), room('b', 'ben')];
  const before = groupRooms(rooms, []);
  expect(groupRooms(rooms, [], before)).toBe(before);
  const after = groupRooms(rooms, [recording('a', 'ann')], before);
  expect(after[1]).toBe(before[1]);
  expect(after[0]?.rows[0]).toBe(before[0]?.rows[0]);
  expect(after[0]?.rows[1]).not.toBe(before[0]?.rows[1]);
});
