import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'participant-recorder-log-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('goes on where it was, in a file that only its owner reads', () => {
  const path = join(folder, 'logs', 'worker.log');
  openLogFile(path)('one');
  openLogFile(path)('two');
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('never takes more than twice its bound', () => {
  const write = openLogFile(join(folder, 'worker.log'));
  const line = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 20; i++) write(line);
  expect(readdirSync(folder).sort()).toEqual(['worker.log', 'worker.log.1']);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(7 * 1024 * 1024);
});

test('a disk that takes no more is no reason to fail', () => {
  const write = openLogFile(join(folder, 'worker.log'));
  rmSync(folder, { recursive: true });
  expect(() => write('lost')).not.toThrow();
});
