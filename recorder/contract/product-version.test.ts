import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { productVersion } from './product-version.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'participant-recorder-version-'));
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

test.each([
  ['a copy without its history', {}, '1.2.3'],
  ['a branch', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${commit}\n` }, '1.2.3 0123456'],
  [
    'a branch that did not move for long',
    {
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/packed-refs': `# pack-refs\nff refs/heads/other\n${commit} refs/heads/main\n`,
    },
    '1.2.3 0123456',
  ],
  ['a commit without a branch', { '.git/HEAD': `${commit}\n` }, '1.2.3 0123456'],
  ['a branch without a commit', { '.git/HEAD': 'ref: refs/heads/main\n' }, '1.2.3'],
])('%s is named by what is known of it, from any folder below', (_what, files, version) => {
  write({ 'package.json': '{"version":"1.2.3"}', ...files });
  expect(productVersion(join(folder, 'a', 'b'))).toBe(version);
});
