import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { isAlive } from './other-process.ts';

const compiled = new URL('../../.build/infra/dev/child-process.js', import.meta.url).href;

/** Starts a child that would run for a minute, says its process id, and stays. */
const parentProgram = `
const { startChild } = await import(${JSON.stringify(compiled)});
const child = await startChild({ name: 'child', command: 'sleep', args: ['60'] });
console.log(child.pid);
setInterval(() => undefined, 1000);
`;

test('a child does not outlive a parent that was killed with -9', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', parentProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const child = Number(line);
  expect(isAlive(child)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(child)).toBe(false);
});
