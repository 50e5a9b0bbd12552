import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessSpool } from './process-spool.ts';

let spoolDir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  spoolDir = await mkdtemp(join(tmpdir(), 'process-spool-test-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(spoolDir, { recursive: true });
});

/** Another process that holds the folder as a worker does. */
async function holder(name: string): Promise<ChildProcess> {
  const path = join(spoolDir, name, 'alive');
  const script = `require('net').createServer((s) => s.destroy()).listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

async function leave(folder: string, attemptId: string): Promise<void> {
  await mkdir(join(folder, attemptId), { recursive: true });
  await writeFile(join(folder, attemptId, 'journal.log'), '');
}

test('the journals of a process that was killed are taken over, and its folder goes', async () => {
  await leave(join(spoolDir, '0000000a'), 'one');
  await leave(join(spoolDir, '0000000a'), 'two');
  const child = await holder('0000000a');
  const spool = await ProcessSpool.open(spoolDir);
  expect(await spool.takeOver()).toEqual([]);

  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await spool.takeOver()).sort()).toEqual(['one', 'two']);
  expect((await readdir(spool.folder)).sort()).toEqual(['alive', 'one', 'two']);
  expect(await readdir(spoolDir)).toHaveLength(1);
  await spool.close();
});

test('a process that is stopped is not dead', async () => {
  await leave(join(spoolDir, '0000000a'), 'one');
  const child = await holder('0000000a');
  child.kill('SIGSTOP');
  const spool = await ProcessSpool.open(spoolDir);
  expect(await spool.takeOver()).toEqual([]);
  child.kill('SIGCONT');
  await spool.close();
});

test('of several that look, each journal is taken over by one', async () => {
  for (const name of ['0000000a', '0000000b']) {
    for (const attempt of ['1', '2', '3', '4', '5']) await leave(join(spoolDir, name), `${name}-${attempt}`);
  }
  const spools = await Promise.all([1, 2, 3].map(() => ProcessSpool.open(spoolDir)));
  const taken = (await Promise.all(spools.map((spool) => spool.takeOver()))).flat();
  expect(taken).toHaveLength(10);
  expect(new Set(taken).size).toBe(10);
  for (const spool of spools) await spool.close();
});

test('the folder is gone after close, unless there are journals left in it', async () => {
  const spool = await ProcessSpool.open(spoolDir);
  await spool.close();
  expect(await readdir(spoolDir)).toEqual([]);

  const other = await ProcessSpool.open(spoolDir);
  await leave(other.folder, 'one');
  await other.close();
  const next = await ProcessSpool.open(spoolDir);
  expect(await next.takeOver()).toEqual(['one']);
  await next.close();
});

test('a start that is under way is left alone, one of long ago is cleared away', async () => {
  await mkdir(join(spoolDir, '.starting-0000000a'));
  await mkdir(join(spoolDir, '.starting-0000000b'));
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  await utimes(join(spoolDir, '.starting-0000000b'), longAgo, longAgo);
  const spool = await ProcessSpool.open(spoolDir);
  await spool.takeOver();
  expect((await readdir(spoolDir)).filter((name) => name.startsWith('.'))).toEqual(['.starting-0000000a']);
  await spool.close();
});

test('a path longer than the address of a socket may be', async () => {
  const deep = join(spoolDir, 'a'.repeat(120));
  await leave(join(deep, '0000000a'), 'one');
  const spool = await ProcessSpool.open(deep);
  const other = await ProcessSpool.open(deep);
  expect(await other.takeOver()).toEqual(['one']);
  await spool.close();
  await other.close();
});

test('a folder that cannot be used is a sentence that names it', async () => {
  await writeFile(join(spoolDir, 'file'), '');
  await expect(ProcessSpool.open(join(spoolDir, 'file'))).rejects.toThrow(
    /^SPOOL_DIR .*file cannot be used \(ENOTDIR\)/,
  );
});
