/** What every driver of the ObjectStore port does, whatever it stores into. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ObjectStore } from './object-store.ts';

const text = { contentType: 'text/plain' };
const bytesOf = (content: string) => new TextEncoder().encode(content);

export function describeObjectStore(name: string, openStore: () => Promise<ObjectStore>): void {
  describe(`object store: ${name}`, () => {
    let store: ObjectStore;
    let folder: string;

    beforeAll(async () => {
      store = await openStore();
      folder = await mkdtemp(join(tmpdir(), 'object-store-test-'));
    });
    afterAll(async () => {
      store?.close();
      await rm(folder, { recursive: true });
    });

    const newPrefix = () => `contract/${randomUUID()}/`;
    const readAll = async (key: string, startByte?: number, endByte?: number) =>
      buffer(
        await store.read(key, startByte === undefined || endByte === undefined ? undefined : { startByte, endByte }),
      );
    const listed = async (prefix: string) => {
      const keys: string[] = [];
      for await (const { key } of store.list(prefix)) keys.push(key);
      return keys;
    };

    test('gives back what was put, and knows its size', async () => {
      const key = `${newPrefix()}a.bin`;
      const bytes = randomBytes(100_000);
      await store.put(key, bytes, { contentType: 'application/octet-stream' });
      expect((await readAll(key)).equals(bytes)).toBe(true);
      expect(await store.head(key)).toEqual({ key, sizeBytes: 100_000 });
    });

    test('a second put replaces the first', async () => {
      const key = `${newPrefix()}a.txt`;
      await store.put(key, bytesOf('a long first one'), text);
      await store.put(key, bytesOf('second'), text);
      expect((await readAll(key)).toString()).toBe('second');
    });

    test('the right digest is accepted', async () => {
      const key = `${newPrefix()}a.txt`;
      const bytes = bytesOf('digested');
      await store.put(key, bytes, { ...text, sha256: createHash('sha256').update(bytes).digest('hex') });
      expect((await readAll(key)).toString()).toBe('digested');
    });

    test('of ten concurrent puts that must not replace, one wins and nine get "exists"', async () => {
      const key = `${newPrefix()}a.txt`;
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) => store.put(key, bytesOf(`${index}`), { ...text, ifAbsent: true })),
      );
      const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
      expect(winners).toHaveLength(1);
      expect((await readAll(key)).toString()).toBe(`${winners[0]}`);
      await expect(store.put(key, bytesOf('late'), { ...text, ifAbsent: true })).rejects.toMatchObject({
        reason: 'exists',
        retryable: false,
      });
    });

    test('what is not there: head is undefined, read is "not-found", delete is no error', async () => {
      const key = `${newPrefix()}none`;
      expect(await store.head(key)).toBeUndefined();
      await expect(store.read(key)).rejects.toMatchObject({ reason: 'not-found', retryable: false });
      await expect(store.read(key, { startByte: 0, endByte: 1 })).rejects.toMatchObject({ reason: 'not-found' });
      await store.delete([key]);
    });

    test('a key prefix that only looks like a folder is no object', async () => {
      const prefix = newPrefix();
      await store.put(`${prefix}inside`, bytesOf('x'), text);
      expect(await store.head(prefix.slice(0, -1))).toBeUndefined();
      await expect(store.read(prefix.slice(0, -1))).rejects.toMatchObject({ reason: 'not-found' });
    });

    describe('ranges', () => {
      const key = `${newPrefix()}digits`;
      beforeAll(() => store.put(key, bytesOf('0123456789'), text));

      test.each([
        [0, 0, '0'],
        [0, 9, '0123456789'],
        [3, 5, '345'],
        [9, 9, '9'],
        [7, 1000, '789'],
      ])('%i to %i, both included', async (startByte, endByte, content) => {
        expect((await readAll(key, startByte, endByte)).toString()).toBe(content);
      });

      test.each([
        ['starts at the end', 10, 20],
        ['starts far past the end', 1000, 2000],
        ['ends before it starts', 5, 3],
        ['starts before 0', -1, 3],
        ['is no number', Number.NaN, 3],
      ])('one that %s is refused as "range"', async (_, startByte, endByte) => {
        await expect(store.read(key, { startByte, endByte })).rejects.toMatchObject({
          reason: 'range',
          retryable: false,
        });
      });
    });

    describe('putFile', () => {
      test('stores 20 MB unaltered', async () => {
        const key = `${newPrefix()}big`;
        const bytes = randomBytes(20_000_001);
        const path = join(folder, 'big');
        await writeFile(path, bytes);
        await store.putFile(key, path, text);
        expect(await store.head(key)).toEqual({ key, sizeBytes: bytes.length });
        expect((await readAll(key)).equals(bytes)).toBe(true);
        expect(
          (await readAll(key, 8 * 1024 * 1024 - 1, 8 * 1024 * 1024)).equals(
            bytes.subarray(8 * 1024 * 1024 - 1, 8 * 1024 * 1024 + 1),
          ),
        ).toBe(true);
      });

      test('stores a file that will not change', async () => {
        const key = `${newPrefix()}a`;
        await writeFile(join(folder, 'unchanging'), 'bytes');
        await store.putFile(key, join(folder, 'unchanging'), { ...text, unchanging: true });
        expect((await readAll(key)).toString()).toBe('bytes');
      });

      test('stores a small and an empty file', async () => {
        const prefix = newPrefix();
        await writeFile(join(folder, 'small'), 'small');
        await writeFile(join(folder, 'empty'), '');
        await store.putFile(`${prefix}small`, join(folder, 'small'), text);
        await store.putFile(`${prefix}empty`, join(folder, 'empty'), text);
        expect((await readAll(`${prefix}small`)).toString()).toBe('small');
        expect(await store.head(`${prefix}empty`)).toMatchObject({ sizeBytes: 0 });
      });

      test.each([
        ['a small file', 10],
        ['a large file', 9_000_000],
      ])('of %s does not replace when it must not', async (_, sizeBytes) => {
        const key = `${newPrefix()}a`;
        const path = join(folder, `taken-${sizeBytes}`);
        await writeFile(path, Buffer.alloc(sizeBytes));
        await store.put(key, bytesOf('first'), text);
        await expect(store.putFile(key, path, { ...text, ifAbsent: true })).rejects.toMatchObject({ reason: 'exists' });
        expect((await readAll(key)).toString()).toBe('first');
      });

      test('aborted on the way, rejects with the reason and leaves nothing', async () => {
        const prefix = newPrefix();
        const path = join(folder, 'huge');
        const file = await open(path, 'w');
        await file.truncate(4_000_000_000);
        await file.close();
        const abort = new AbortController();
        const done = store.putFile(`${prefix}huge`, path, { ...text, signal: abort.signal });
        // The file is sparse: reading 4 GB of it takes seconds everywhere.
        void delay(100).then(() => abort.abort(new Error('no longer wanted')));
        await expect(done).rejects.toThrow('no longer wanted');
        expect(await store.head(`${prefix}huge`)).toBeUndefined();
        expect(await listed(prefix)).toEqual([]);
      });

      test('aborted beforehand, does not begin', async () => {
        const key = `${newPrefix()}a`;
        const path = join(folder, 'unwanted');
        await writeFile(path, 'x');
        await expect(
          store.putFile(key, path, { ...text, signal: AbortSignal.abort(new Error('no longer wanted')) }),
        ).rejects.toThrow('no longer wanted');
        expect(await store.head(key)).toBeUndefined();
      });

      test('of a file that is not there fails and leaves nothing', async () => {
        const prefix = newPrefix();
        await expect(store.putFile(`${prefix}a`, join(folder, 'none'), text)).rejects.toThrow('ENOENT');
        expect(await listed(prefix)).toEqual([]);
      });
    });

    describe('openWriter', () => {
      const partBytes = 8 * 1024 * 1024;

      /** In pieces, whose memory is used again at once. */
      async function write(key: string, bytes: Buffer, pieceBytes: number, expectedBytes = bytes.length) {
        const writer = await store.openWriter(key, { ...text, expectedBytes });
        const piece = Buffer.alloc(pieceBytes);
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          await writer.write(piece.subarray(0, bytes.copy(piece, 0, at)));
          piece.fill(0);
        }
        return writer;
      }

      test.each([
        ['nothing', 0, 1000],
        ['a little', 1000, 7],
        ['one part to the byte', partBytes, 1_000_000],
        ['a byte more than a part', partBytes + 1, 1_000_000],
        ['several parts', 40_000_000, 3_000_000],
        ['more than a part at a time', 20_000_000, 20_000_000],
      ])('stores %s unaltered, and nothing is seen before it is complete', async (_, sizeBytes, pieceBytes) => {
        const prefix = newPrefix();
        const bytes = randomBytes(sizeBytes);
        const writer = await write(`${prefix}made`, bytes, pieceBytes);
        expect(await store.head(`${prefix}made`)).toBeUndefined();
        expect(await listed(prefix)).toEqual([]);
        await writer.complete(createHash('sha256').update(bytes).digest('hex'));
        expect(await store.head(`${prefix}made`)).toEqual({ key: `${prefix}made`, sizeBytes });
        expect((await readAll(`${prefix}made`)).equals(bytes)).toBe(true);
      });

      test.each([100_000, 20_000_000])('stores %i bytes of which it expected a tenth', async (sizeBytes) => {
        const key = `${newPrefix()}made`;
        const bytes = randomBytes(sizeBytes);
        await (await write(key, bytes, 50_000, sizeBytes / 10)).complete();
        expect((await readAll(key)).equals(bytes)).toBe(true);
      });

      test.each([10, 20_000_000])('given up after %i bytes, leaves what was there before', async (sizeBytes) => {
        const key = `${newPrefix()}made`;
        await store.put(key, bytesOf('before'), text);
        const writer = await write(key, Buffer.alloc(sizeBytes), 1_000_000);
        await writer.abort();
        expect((await readAll(key)).toString()).toBe('before');
      });

      test.each([10, 20_000_000])('of %i bytes does not replace when it must not', async (sizeBytes) => {
        const key = `${newPrefix()}made`;
        await store.put(key, bytesOf('first'), text);
        const writer = await store.openWriter(key, { ...text, expectedBytes: sizeBytes, ifAbsent: true });
        await writer.write(Buffer.alloc(sizeBytes));
        await expect(writer.complete()).rejects.toMatchObject({ reason: 'exists' });
        await writer.abort();
        expect((await readAll(key)).toString()).toBe('first');
      });

      test('aborted by its signal, rejects with the reason and leaves nothing', async () => {
        const prefix = newPrefix();
        const abort = new AbortController();
        const writer = await store.openWriter(`${prefix}made`, {
          ...text,
          expectedBytes: 30_000_000,
          signal: abort.signal,
        });
        await writer.write(Buffer.alloc(20_000_000));
        abort.abort(new Error('no longer wanted'));
        await expect(writer.write(Buffer.alloc(1))).rejects.toThrow('no longer wanted');
        await expect(writer.complete()).rejects.toThrow('no longer wanted');
        await writer.abort();
        expect(await store.head(`${prefix}made`)).toBeUndefined();
        expect(await listed(prefix)).toEqual([]);
      });

      test('twenty at once are all stored', async () => {
        const prefix = newPrefix();
        const bytes = randomBytes(9_000_000);
        const one = async (index: number) => (await write(`${prefix}${index}`, bytes, 1_000_000)).complete();
        await Promise.all(Array.from({ length: 20 }, (_, index) => one(index)));
        for (let index = 0; index < 20; index++) expect((await readAll(`${prefix}${index}`)).equals(bytes)).toBe(true);
      });
    });

    describe('list', () => {
      test('gives keys in the order of their bytes, with sizes, and nothing outside the prefix', async () => {
        const prefix = newPrefix();
        const names = ['a', 'a-b', 'a.b', 'a0', 'b/c', 'b/c-d', 'b/d/e', 'b-c', 'b_c', 'bb', '00'];
        for (const name of names) await store.put(prefix + name, bytesOf(name), text);
        const found: [string, number][] = [];
        for await (const { key, sizeBytes } of store.list(prefix)) found.push([key.slice(prefix.length), sizeBytes]);
        expect(found).toEqual([...names].sort().map((name) => [name, name.length]));
      });

      test('takes a prefix that ends in the middle of a name', async () => {
        const prefix = newPrefix();
        for (const name of ['one/a', 'one/b', 'only', 'two']) await store.put(prefix + name, bytesOf('x'), text);
        expect(await listed(`${prefix}on`)).toEqual(['one/a', 'one/b', 'only'].map((name) => prefix + name));
        expect(await listed(`${prefix}one/b`)).toEqual([`${prefix}one/b`]);
        expect(await listed(`${prefix}none`)).toEqual([]);
      });

      test('goes on past a thousand, and delete takes as many', async () => {
        const prefix = newPrefix();
        const keys = Array.from({ length: 1100 }, (_, index) => `${prefix}${String(index).padStart(6, '0')}.webm`);
        for (let start = 0; start < keys.length; start += 50) {
          await Promise.all(keys.slice(start, start + 50).map((key) => store.put(key, bytesOf('x'), text)));
        }
        expect(await listed(prefix)).toEqual(keys);
        await store.delete([...keys, `${prefix}never-was`]);
        expect(await listed(prefix)).toEqual([]);
      }, 60_000);
    });

    test('delete removes the named ones only', async () => {
      const prefix = newPrefix();
      for (const name of ['a/1', 'a/2', 'b']) await store.put(prefix + name, bytesOf('x'), text);
      await store.delete([`${prefix}a/1`, `${prefix}b`]);
      expect(await listed(prefix)).toEqual([`${prefix}a/2`]);
    });

    test.each([
      '../escape',
      'a/../b',
      'a..b',
      '/absolute',
      'a//b',
      'a/',
      '',
      '.hidden',
      'a/.hidden',
      'Upper',
      'with space',
      'nul\0',
      'ünïcode',
      'a\\b',
      'a%2fb',
      'a?b',
      'x'.repeat(513),
    ])('the key %j is refused as "invalid" by every operation', async (key) => {
      const invalid = { reason: 'invalid', retryable: false };
      await expect(store.put(key, bytesOf('x'), text)).rejects.toMatchObject(invalid);
      await expect(store.putFile(key, join(folder, 'none'), text)).rejects.toMatchObject(invalid);
      await expect(store.openWriter(key, { ...text, expectedBytes: 1 })).rejects.toMatchObject(invalid);
      await expect(store.head(key)).rejects.toMatchObject(invalid);
      await expect(store.read(key)).rejects.toMatchObject(invalid);
      await expect(store.delete([key])).rejects.toMatchObject(invalid);
    });

    test('check passes and leaves nothing', async () => {
      await store.check();
      expect(await listed('probe/')).toEqual([]);
    });
  });
}
