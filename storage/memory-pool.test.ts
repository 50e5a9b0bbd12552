import { expect, test } from 'vitest';
import { MemoryPool } from './memory-pool.ts';

test('memory that was given back is used again for a size near it', () => {
  const pool = new MemoryPool();
  const first = pool.take(100_000);
  pool.give(first);
  const second = pool.take(110_000);
  expect(second.buffer).toBe(first.buffer);
  expect(second).toHaveLength(110_000);
});

test('memory that is in use is not given to another', () => {
  const pool = new MemoryPool();
  const first = pool.take(10);
  expect(pool.take(10).buffer).not.toBe(first.buffer);
});

test('memory given back twice is not given to two', () => {
  const pool = new MemoryPool();
  const bytes = pool.take(10);
  pool.give(bytes);
  pool.give(bytes);
  expect(pool.take(10).buffer).not.toBe(pool.take(10).buffer);
});

test("others' memory is left alone", () => {
  const pool = new MemoryPool();
  const bytes = Buffer.from('a small Buffer shares its memory with others');
  pool.give(bytes);
  expect(pool.take(bytes.buffer.byteLength).buffer).not.toBe(bytes.buffer);
});

test('what waits to be used again is bounded', () => {
  const pool = new MemoryPool();
  const many = Array.from({ length: 100 }, () => pool.take(1_000_000));
  for (const bytes of many) pool.give(bytes);
  const given = new Set(many.map(({ buffer }) => buffer));
  const again = Array.from({ length: 100 }, () => pool.take(1_000_000)).filter(({ buffer }) => given.has(buffer));
  expect(again.length).toBeGreaterThan(0);
  expect(again.length).toBeLessThanOrEqual(33);
});
