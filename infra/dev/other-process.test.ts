import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { birthOf, commandLineOf, isAlive } from './other-process.ts';

test('knows a process that runs', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(commandLineOf(process.pid)).toContain('node');
  expect(birthOf(process.pid)).toBe(birthOf(process.pid));
  expect(birthOf(process.pid)).not.toBe(birthOf(process.ppid));
});

test('a process that is gone is gone', async () => {
  const child = spawn('true');
  const pid = child.pid ?? 0;
  await once(child, 'exit');
  expect(isAlive(pid)).toBe(false);
  expect(commandLineOf(pid)).toBe('');
  expect(birthOf(pid)).toBeUndefined();
});

test.runIf(process.platform === 'linux')('a process that only waits to be collected counts as gone', async () => {
  // The shell becomes a program that does not know of its child, which ends and stays a zombie.
  const parent = spawn('sh', ['-c', 'sleep 0.05 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const zombie = Number(line);
  await expect.poll(() => isAlive(zombie)).toBe(false);
  expect(birthOf(zombie)).toBeUndefined();
  expect(isAlive(parent.pid ?? 0)).toBe(true);
  parent.kill('SIGKILL');
});
