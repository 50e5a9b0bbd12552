import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

function admission() {
  const machine = { share: 0.1, overMs: 2000, usedBytes: 100, isFilling: false };
  const admission = new Admission({
    capacity: 10,
    isSpoolFilling: () => machine.isFilling,
    busy: () => machine,
    memory: () => ({ usedBytes: machine.usedBytes, limitBytes: 1000 }),
  });
  return { machine, admission };
}

test('what capacity leaves is free', () => {
  const { admission: one } = admission();
  expect([0, 3, 10, 11].map((running) => one.freeSlots(running))).toEqual([10, 7, 0, 0]);
});

test.each([
  ['processor', { share: 0.95 }],
  ['memory', { usedBytes: 801 }],
  ['spool', { isFilling: true }],
] as const)('at the limit of the %s nothing more is taken, and again afterwards', (limit, change) => {
  const { machine, admission: one } = admission();
  const before = { ...machine };
  Object.assign(machine, change);
  expect(one.freeSlots(3)).toBe(0);
  expect(one.limit).toBe(limit);
  Object.assign(machine, before);
  expect(one.freeSlots(3)).toBe(7);
});

test('the first recording is always taken', () => {
  const { machine, admission: one } = admission();
  machine.share = 1;
  expect(one.freeSlots(0)).toBe(10);
});

test('a moment says nothing: the last longer look counts', () => {
  const { machine, admission: one } = admission();
  Object.assign(machine, { share: 1, overMs: 10 });
  expect(one.freeSlots(3)).toBe(7);
  Object.assign(machine, { share: 1, overMs: 1000 });
  expect(one.freeSlots(3)).toBe(0);
  Object.assign(machine, { share: 0, overMs: 10 });
  expect(one.freeSlots(3)).toBe(0);
});
