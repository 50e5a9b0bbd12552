import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FolderStore } from './folder-store.ts';
import { describeObjectStore } from './object-store.contract.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-store-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describeObjectStore('folder', () => FolderStore.open(join(folder, 'made', 'when-missing')));

describe('folder store', () => {
  const text = { contentType: 'text/plain' };

  test('leaves no file and no empty folder behind a deleted object', async () => {
    const root = join(folder, 'tidy');
    const store = await FolderStore.open(root);
    await store.put('a/b/c', new Uint8Array(1), text);
    await store.delete(['a/b/c']);
    expect(await readdir(root, { recursive: true })).toEqual(['.incoming']);
  });

  test('on opening, deletes what a crash left a day ago, and not what is being written now', async () => {
    const root = join(folder, 'crashed');
    await mkdir(join(root, '.incoming'), { recursive: true });
    await writeFile(join(root, '.incoming', 'old'), 'half');
    await writeFile(join(root, '.incoming', 'new'), 'half');
    const yesterday = Date.now() / 1000 - 25 * 3600;
    await utimes(join(root, '.incoming', 'old'), yesterday, yesterday);
    await FolderStore.open(root);
    expect(await readdir(join(root, '.incoming'))).toEqual(['new']);
  });

  test('puts into a folder while its last other object is deleted', async () => {
    const store = await FolderStore.open(join(folder, 'racing'));
    for (let turn = 0; turn < 100; turn++) {
      await store.put('a/b/old', new Uint8Array(1), text);
      await Promise.all([store.delete(['a/b/old']), store.put('a/b/new', new Uint8Array(1), text)]);
      expect(await store.head('a/b/new')).toBeDefined();
      await store.delete(['a/b/new']);
    }
  });

  test('does not copy a file that will not change, and keeps it when the file is deleted', async () => {
    const store = await FolderStore.open(join(folder, 'sharing'));
    const path = join(folder, 'unchanging');
    await writeFile(path, 'bytes');
    const { ino } = await stat(path);
    await store.putFile('a/b', path, { ...text, unchanging: true });
    expect((await stat(join(folder, 'sharing', 'a', 'b'))).ino).toBe(ino);
    await rm(path);
    expect(await readFile(join(folder, 'sharing', 'a', 'b'), 'utf8')).toBe('bytes');
    expect(await readdir(join(folder, 'sharing', '.incoming'))).toEqual([]);
  });

  test('takes a file that will not change a second time, as after an answer that was lost', async () => {
    const store = await FolderStore.open(join(folder, 'again'));
    const path = join(folder, 'taken-twice');
    await writeFile(path, 'bytes');
    for (let turn = 0; turn < 2; turn++) await store.putFile('a', path, { ...text, unchanging: true });
    expect((await readdir(join(folder, 'again'), { recursive: true })).sort()).toEqual(['.incoming', 'a']);
  });

  test('copies a file that may change', async () => {
    const store = await FolderStore.open(join(folder, 'copying'));
    const path = join(folder, 'changing');
    await writeFile(path, 'before');
    await store.putFile('a', path, text);
    await writeFile(path, 'after');
    expect(await readFile(join(folder, 'copying', 'a'), 'utf8')).toBe('before');
  });

  test('what an upload of a process that died left behind is removed when it is old enough', async () => {
    const root = join(folder, 'left');
    const store = await FolderStore.open(root);
    await writeFile(join(root, '.incoming', 'half'), 'x');
    await store.removeUnfinished();
    expect(await readdir(join(root, '.incoming'))).toEqual(['half']);
    const yesterday = Date.now() / 1000 - 25 * 3600;
    await utimes(join(root, '.incoming', 'half'), yesterday, yesterday);
    await store.removeUnfinished();
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
  });

  test('an object where a folder is needed is "invalid"', async () => {
    const store = await FolderStore.open(join(folder, 'clash'));
    await store.put('a', new Uint8Array(1), text);
    await expect(store.put('a/b', new Uint8Array(1), text)).rejects.toMatchObject({ reason: 'invalid' });
  });

  test('a file in place of the folder is "invalid"', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(FolderStore.open(join(folder, 'file'))).rejects.toMatchObject({ reason: 'invalid', retryable: false });
  });

  test.skipIf(process.getuid?.() === 0)('a folder of somebody else is "denied"', async () => {
    const root = join(folder, 'locked');
    const store = await FolderStore.open(root);
    await chmod(join(root, '.incoming'), 0o500);
    await expect(store.put('a', new Uint8Array(1), text)).rejects.toMatchObject({ reason: 'denied', retryable: false });
  });

  test('a full disk is "full", may pass, and leaves no half file', async () => {
    const root = join(folder, 'full');
    const store = await FolderStore.open(root, {
      writeFile: async (path, bytes) => {
        await writeFile(path, bytes.subarray(0, 1));
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    });
    await expect(store.put('a', new Uint8Array(10), text)).rejects.toMatchObject({ reason: 'full', retryable: true });
    expect(await readdir(root, { recursive: true })).toEqual(['.incoming']);
  });
});
