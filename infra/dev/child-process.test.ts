import { expect, test } from 'vitest';
import { startChild } from './child-process.ts';
import { isAlive } from './other-process.ts';

test('hands over output line by line, both streams', async () => {
  const lines: string[] = [];
  const child = await startChild({
    name: 'printer',
    command: '/bin/sh',
    args: ['-c', 'echo one; echo two >&2; printf three'],
    onLine: (line) => lines.push(line),
  });
  expect(await child.ended).toMatchObject({ code: 0, signal: null });
  expect(lines.sort()).toEqual(['one', 'three', 'two']);
});

test('says in a sentence that the program does not exist', async () => {
  await expect(startChild({ name: 'none', command: '/nowhere/none', args: [] })).rejects.toThrow(
    '/nowhere/none cannot be started: there is no such program.',
  );
});

test('kills a child that ignores the stop signal, and what it started', async () => {
  const lines: string[] = [];
  const child = await startChild({
    name: 'stubborn',
    command: '/bin/sh',
    args: ['-c', `trap '' TERM; sh -c "trap '' TERM; sleep 60" & echo $!; while :; do wait; done`],
    stopWithinMs: 100,
    onLine: (line) => lines.push(line),
  });
  await expect.poll(() => lines).toHaveLength(1);
  const grandchild = Number(lines[0]);
  await child.stop();
  expect(await child.ended).toMatchObject({ signal: 'SIGKILL' });
  await expect.poll(() => isAlive(grandchild)).toBe(false);
});
