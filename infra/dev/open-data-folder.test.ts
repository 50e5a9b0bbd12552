import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from './open-data-folder.ts';

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'participant-recorder-data-'));
  folder = join(parent, 'not', 'there', 'yet');
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('is made when it is missing, and belongs to one at a time', async () => {
  const first = await openDataFolder(folder);
  await expect(openDataFolder(folder)).rejects.toThrow(
    `The data folder ${folder} is in use by a copy that runs already (process ${process.pid})`,
  );
  await first.release();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
  await (await openDataFolder(folder)).release();
});

test.each([
  ['of a process that is gone', JSON.stringify({ pid: 4_000_000, birth: 'boot 1' })],
  ['of a process whose number another one has now', JSON.stringify({ pid: process.pid, birth: 'boot 1' })],
  ['that was only half written', '{"pid": 1'],
])('takes over a lock %s', async (_what, content) => {
  await (await openDataFolder(folder)).release();
  writeFileSync(join(folder, 'lock'), content);
  const opened = await openDataFolder(folder);
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  await opened.release();
});

test('of several that find a dead lock at once, one gets the folder', async () => {
  await (await openDataFolder(folder)).release();
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 4_000_000, birth: 'boot 1' }));
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openDataFolder(folder)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('says what to do about a place where no folder can be', async () => {
  writeFileSync(join(parent, 'file'), '');
  await expect(openDataFolder(join(parent, 'file', 'data'))).rejects.toThrow(
    /cannot be made \(ENOTDIR\): set DATA_DIR/,
  );
});
