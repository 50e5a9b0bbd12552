import { expect, it } from 'vitest';
import type { LiveRoom } from '../../_control/api.ts';
import { keepUnchanged } from './keep-unchanged.ts';

const room = (sid: string, ...identities: string[]) =>
  ({ sid, name: sid, participants: identities.map((identity) => ({ sid: identity, identity })) }) as LiveRoom;

it('gives back the very list when nothing changed', () => {
  const before = [room('a', 'ann'), room('b', 'ben')];
  expect(keepUnchanged(before, [room('a', 'ann'), room('b', 'ben')])).toBe(before);
});

it('replaces only the room and the participant that changed', () => {
  const before = [room('a', 'ann', 'amy'), room('b', 'ben')];
  const next = [room('a', 'ann', 'amy', 'abe'), room('b', 'ben')];
  const kept = keepUnchanged(before, next);
  expect(kept).toEqual(next);
  expect(kept[1]).toBe(before[1]);
  expect(kept[0]).not.toBe(before[0]);
  expect(kept[0]?.participants[0]).toBe(before[0]?.participants[0]);
});

it('takes over rooms that came, and leaves out those that went', () => {
  const kept = keepUnchanged([room('a', 'ann')], [room('b', 'ben')]);
  expect(kept.map(({ sid }) => sid)).toEqual(['b']);
});
