import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from './open-store.ts';

const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'a-secret-that-must-not-be-shown' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-store-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function refusal(url: string, env: Record<string, string>): Promise<unknown> {
  return openStore(url, env).then(
    () => 'opened',
    (error: unknown) => error,
  );
}

describe('a folder', () => {
  test.each([
    ['one slash', (path: string) => `file:${path}`],
    ['three slashes', (path: string) => `file://${path}`],
    ['an escaped space', (path: string) => `file:${path}/with%20space`],
  ])('with %s is opened', async (_, toUrl) => {
    const store = await openStore(toUrl(folder), {});
    expect(store.description).toContain(folder);
  });

  test.each([
    ['file:relative/dir', /no absolute folder/],
    ['file://host/dir', /no absolute folder/],
    ['file:/dir?x=1', /takes no parameters/],
    ['file:/dir#x', /%23/],
  ])('%s is refused', async (url, sentence) => {
    expect(await refusal(url, {})).toMatchObject({
      name: 'StorageError',
      reason: 'invalid',
      message: expect.stringMatching(sentence),
    });
  });
});

describe('a bucket', () => {
  test.each([
    [
      's3://bucket/pre/fix?endpoint=http://127.0.0.1:9&region=eu-1&forcePathStyle=true',
      keys,
      's3://bucket/pre/fix at http://127.0.0.1:9',
    ],
    ['s3://bucket?endpoint=https://s3.example.com/', keys, 's3://bucket/ at https://s3.example.com'],
    ['s3://bucket/p/?region=eu-central-1', keys, 's3://bucket/p at AWS eu-central-1'],
    ['s3://bucket/p', { ...keys, AWS_REGION: 'eu-west-3' }, 's3://bucket/p at AWS eu-west-3'],
    ['s3://bucket/p?region=x', { AWS_PROFILE: 'recordings' }, 's3://bucket/p at AWS x'],
  ])('%s is opened', async (url, env, description) => {
    const store = await openStore(url, env);
    expect(store.description).toBe(description);
    store.close();
  });

  test.each([
    ['s3://bucket/p', keys, /region.*AWS_REGION/],
    ['s3://bucket/p?region=x', {}, /no credentials.*set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
    ['s3://bucket/p?region=x', { AWS_ACCESS_KEY_ID: 'key' }, /AWS_SECRET_ACCESS_KEY is not/],
    ['s3://bucket/p?region=x', { AWS_SECRET_ACCESS_KEY: 'x' }, /AWS_ACCESS_KEY_ID is not/],
    ['s3://bucket/p?region=x&acl=public', keys, /unknown parameter "acl"/],
    ['s3://bucket/p?region=x&region=y', keys, /"region" twice/],
    ['s3://bucket/p?endpoint=ftp://x', keys, /endpoint/],
    ['s3://bucket/p?endpoint=s3.example.com', keys, /endpoint/],
    ['s3://bucket/p?region=x&forcePathStyle=yes', keys, /neither true nor false/],
    ['s3:///p?region=x', keys, /no bucket/],
    ['s3://bucket/a//b?region=x', keys, /prefix/],
    ['s3://bucket/a%20b?region=x', keys, /prefix/],
    ['s3://key:a-secret-that-must-not-be-shown@bucket/p?region=x', keys, /holds credentials/],
  ])('%s is refused', async (url, env, sentence) => {
    const error = await refusal(url, env);
    expect(error).toMatchObject({ name: 'StorageError', reason: 'invalid', message: expect.stringMatching(sentence) });
    expect(String(error)).not.toContain('must-not-be-shown');
  });
});

test.each(['', 'recordings', 'https://example.com/x', '/abs/dir'])('%j is refused', async (url) => {
  expect(await refusal(url, keys)).toMatchObject({ name: 'StorageError', reason: 'invalid' });
});
