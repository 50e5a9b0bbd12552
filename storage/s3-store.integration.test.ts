import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { describeObjectStore } from './object-store.contract.ts';
import { openStore } from './open-store.ts';
import { S3Store } from './s3-store.ts';

const server = inject('objectServer');
const text = { contentType: 'text/plain' };
const bytes = new TextEncoder().encode('content');
const credentials = { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey };
const env = { AWS_ACCESS_KEY_ID: server.accessKeyId, AWS_SECRET_ACCESS_KEY: server.secretAccessKey };

function storageUrl({ bucket = server.bucket, endpoint = server.endpoint } = {}): string {
  return `s3://${bucket}/s3-store-test/${randomUUID()}?endpoint=${endpoint}&region=${server.region}&forcePathStyle=true`;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The address of an HTTP server that lives for one test. */
async function listen(peer: Server): Promise<string> {
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    peer.closeAllConnections();
    return new Promise((resolve) => peer.close(resolve));
  });
  return `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
}

/** Stands before the real server; `onRequest` may answer itself (true) or let it through. */
function startProxy(
  onRequest: (line: string, response: ServerResponse, headers: IncomingHttpHeaders) => boolean,
): Promise<string> {
  const { port } = new URL(server.endpoint);
  return listen(
    createServer((incoming, response) => {
      if (onRequest(`${incoming.method} ${incoming.url}`, response, incoming.headers)) return;
      const { method, url: path, headers } = incoming;
      const forwarded = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      incoming.on('error', () => forwarded.destroy());
      response.on('close', () => forwarded.destroy());
      incoming.pipe(forwarded);
    }),
  );
}

describeObjectStore('s3', () => openStore(storageUrl(), env));

test('a presigned address gives the object, with ranges and under its name, for a while and to whoever has it', async () => {
  const store = await openStore(storageUrl(), env);
  closers.push(() => store.close());
  await store.put('recordings/a.webm', bytes, text);
  const sign = (validMs: number) =>
    store.presign?.('recordings/a.webm', {
      validMs,
      contentType: 'video/webm',
      contentDisposition: 'attachment; filename="a.webm"',
    });
  const url = (await sign(900_000)) ?? '';
  expect(url).not.toContain(server.secretAccessKey);
  expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('900');
  const response = await fetch(url, { headers: { range: 'bytes=1-3' } });
  expect([response.status, await response.text()]).toEqual([206, 'ont']);
  expect(response.headers.get('content-type')).toBe('video/webm');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="a.webm"');
  const other = new URL(url);
  other.pathname = other.pathname.replace('a.webm', 'b.webm');
  expect((await fetch(other)).status).toBe(403);
});

describe('credentials and bucket', () => {
  test.each([
    [
      'a wrong secret',
      { ...env, AWS_SECRET_ACCESS_KEY: 'wrong' },
      {},
      { reason: 'denied', message: /AWS_SECRET_ACCESS_KEY/ },
    ],
    [
      'an unknown access key',
      { ...env, AWS_ACCESS_KEY_ID: 'unknown' },
      {},
      { reason: 'denied', message: /AWS_ACCESS_KEY_ID/ },
    ],
    ['a missing bucket', env, { bucket: 'no-such-bucket' }, { reason: 'invalid', message: /no such bucket/ }],
  ])(
    '%s is said by every operation, in words, and is not retried',
    async (_, environment, place, { reason, message }) => {
      const store = await openStore(storageUrl(place), environment);
      closers.push(() => store.close());
      const expected = { name: 'StorageError', reason, retryable: false, message: expect.stringMatching(message) };
      await expect(store.put('a', bytes, text)).rejects.toMatchObject(expected);
      await expect(store.head('a')).rejects.toMatchObject(expected);
      await expect(store.read('a')).rejects.toMatchObject(expected);
      await expect(store.list('')[Symbol.asyncIterator]().next()).rejects.toMatchObject(expected);
      await expect(store.check()).rejects.toMatchObject(expected);
    },
  );

  test('words and description hold no secret', async () => {
    const store = await openStore(storageUrl(), { ...env, AWS_SECRET_ACCESS_KEY: 'hush-hush' });
    closers.push(() => store.close());
    const error = await store.put('a', bytes, text).catch((reason: unknown) => reason);
    expect(`${error} ${store.description}`).not.toContain('hush-hush');
  });
});

test('bytes that do not match their digest are refused by the server', async () => {
  const store = await openStore(storageUrl(), env);
  closers.push(() => store.close());
  await expect(store.put('a', bytes, { ...text, sha256: '0'.repeat(64) })).rejects.toMatchObject({
    name: 'StorageError',
  });
  expect(await store.head('a')).toBeUndefined();
});

describe('an upload in parts that fails on the way', () => {
  async function leftovers(): Promise<number> {
    const client = new S3Client({ ...server, forcePathStyle: true, credentials });
    closers.push(() => client.destroy());
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: server.bucket }));
    return Uploads?.length ?? 0;
  }

  async function bigFile(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 's3-store-test-'));
    closers.push(() => rm(folder, { recursive: true }));
    const path = join(folder, 'big');
    await writeFile(path, Buffer.alloc(40_000_000));
    return path;
  }

  test('leaves none either when it is aborted while it begins', async () => {
    const abort = new AbortController();
    const endpoint = await startProxy((line) => {
      if (line.startsWith('POST') && line.includes('uploads')) abort.abort(new Error('no longer wanted'));
      return false;
    });
    const store = await openStore(storageUrl({ endpoint }), env);
    closers.push(() => store.close());
    await expect(store.putFile('big', await bigFile(), { ...text, signal: abort.signal })).rejects.toThrow(
      'no longer wanted',
    );
    expect(await leftovers()).toBe(0);
  });

  test('leaves no parts when it is aborted at the second part', async () => {
    const abort = new AbortController();
    let parts = 0;
    const endpoint = await startProxy((line) => {
      if (line.includes('partNumber=') && ++parts === 2) abort.abort(new Error('no longer wanted'));
      return false;
    });
    const store = await openStore(storageUrl({ endpoint }), env);
    closers.push(() => store.close());
    await expect(store.putFile('big', await bigFile(), { ...text, signal: abort.signal })).rejects.toThrow(
      'no longer wanted',
    );
    expect(parts).toBeGreaterThanOrEqual(2);
    expect(await leftovers()).toBe(0);
    expect(await store.head('big')).toBeUndefined();
  });

  test('leaves no parts when the server refuses one for good', async () => {
    const endpoint = await startProxy((line, response) => {
      if (!line.includes('partNumber=3')) return false;
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
      return true;
    });
    const store = await openStore(storageUrl({ endpoint }), env);
    closers.push(() => store.close());
    await expect(store.putFile('big', await bigFile(), text)).rejects.toMatchObject({ reason: 'denied' });
    expect(await leftovers()).toBe(0);
    expect(await store.head('big')).toBeUndefined();
  });

  test('discards what an upload of a process that died left behind, when it is old enough', async () => {
    const store = await openStore(storageUrl(), env);
    const elsewhere = await openStore(storageUrl(), env);
    closers.push(
      () => store.close(),
      () => elsewhere.close(),
    );
    const Key = `${/^s3:\/\/[^/]+\/(.+) at /.exec(store.description)?.[1]}/big`;
    const client = new S3Client({
      endpoint: server.endpoint,
      region: server.region,
      forcePathStyle: true,
      credentials,
    });
    closers.push(() => client.destroy());
    await client.send(new CreateMultipartUploadCommand({ Bucket: server.bucket, Key }));
    await store.removeUnfinished();
    await elsewhere.removeUnfinished(0);
    expect(await leftovers()).toBe(1);
    await store.removeUnfinished(0);
    expect(await leftovers()).toBe(0);
  });

  test('succeeds when one part fails once', async () => {
    let failures = 0;
    const endpoint = await startProxy((line, response) => {
      if (!line.includes('partNumber=2') || failures++ > 0) return false;
      response.writeHead(500).end('<Error><Code>InternalError</Code></Error>');
      return true;
    });
    const store = await openStore(storageUrl({ endpoint }), env);
    closers.push(() => store.close());
    await store.putFile('big', await bigFile(), text);
    expect(await store.head('big')).toMatchObject({ sizeBytes: 40_000_000 });
    expect(failures).toBe(2);
  });
});

describe('an object in parts', () => {
  /** Stands before the real server and changes the bodies of its answers. */
  function startAlteringProxy(alter: (body: string) => string): Promise<string> {
    const { port } = new URL(server.endpoint);
    return listen(
      createServer((incoming, response) => {
        const { method, url: path, headers } = incoming;
        const forwarded = request({ host: '127.0.0.1', port, method, path, headers }, async (answer) => {
          const { 'content-length': _, ...answered } = answer.headers;
          const body = alter((await buffer(answer)).toString());
          response.writeHead(answer.statusCode ?? 500, answered).end(body);
        });
        forwarded.on('error', () => response.destroy());
        incoming.pipe(forwarded);
      }),
    );
  }

  async function putTwoParts(endpoint: string) {
    const store = await openStore(storageUrl({ endpoint }), env);
    closers.push(() => store.close());
    const writer = await store.openWriter('made', { ...text, expectedBytes: 9_000_000 });
    await writer.write(Buffer.alloc(9_000_000, 1));
    const completed = writer.complete().finally(() => writer.abort());
    return { store, completed };
  }

  test('of which the store made something else is an error, and is not left there', async () => {
    let compared = 0;
    const endpoint = await startAlteringProxy((body) =>
      body.replace(/(?<=<ChecksumSHA256>)..../, () => {
        compared += 1;
        return 'AAAA';
      }),
    );
    const { store, completed } = await putTwoParts(endpoint);
    await expect(completed).rejects.toMatchObject({ name: 'StorageError', reason: 'invalid', retryable: true });
    expect(compared).toBe(1);
    expect(await store.head('made')).toBeUndefined();
  });

  test('is stored by a server that refuses to hear of digests', async () => {
    let refusals = 0;
    const endpoint = await startProxy((line, response, headers) => {
      if (!line.startsWith('POST') || !('x-amz-checksum-algorithm' in headers)) return false;
      refusals += 1;
      response.writeHead(400).end('<Error><Code>InvalidArgument</Code></Error>');
      return true;
    });
    const { store, completed } = await putTwoParts(endpoint);
    await completed;
    expect(refusals).toBe(1);
    expect(await store.head('made')).toMatchObject({ sizeBytes: 9_000_000 });
  });
});

describe('an object whose digest is known', () => {
  const content = (value: number) => {
    const some = Buffer.alloc(300_000, value);
    return { some, options: { ...text, sha256: createHash('sha256').update(some).digest('hex') } };
  };
  const senderOf = (headers: IncomingHttpHeaders) => ('amz-sdk-request' in headers ? 'sdk' : 'quick');

  test('is put without the SDK once that got one through, and by it again where that fails', async () => {
    const senders: string[] = [];
    let failing = false;
    const endpoint = await startProxy((line, response, headers) => {
      if (!line.startsWith('PUT')) return false;
      senders.push(senderOf(headers));
      if (!failing) return false;
      failing = false;
      response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
      return true;
    });
    const store = await openStore(storageUrl({ endpoint }), env);
    closers.push(() => store.close());
    for (const value of [1, 2, 3, 4]) {
      const { some, options } = content(value);
      failing = value === 3;
      await store.put(`segments/${value}.txt`, some, options);
      expect((await buffer(await store.read(`segments/${value}.txt`))).equals(some)).toBe(true);
    }
    expect(senders).toEqual(['sdk', 'quick', 'quick', 'sdk', 'quick']);
  });

  test('is not read from its file where it is at hand', async () => {
    const store = await openStore(storageUrl(), env);
    closers.push(() => store.close());
    const { some, options } = content(1);
    await store.putFile('a', '/no/such/file', { ...options, bytes: some });
    expect((await buffer(await store.read('a'))).equals(some)).toBe(true);
  });

  test('is refused when its bytes are others, and not put over one that must not be replaced', async () => {
    const store = await openStore(storageUrl(), env);
    closers.push(() => store.close());
    const { some, options } = content(1);
    await store.put('a', some, options);
    await expect(store.put('b', bytes, options)).rejects.toMatchObject({ name: 'StorageError' });
    expect(await store.head('b')).toBeUndefined();
    await store.put('a', some, options);
    await expect(store.put('a', some, { ...options, ifAbsent: true })).rejects.toMatchObject({ reason: 'exists' });
  });

  test('is signed by the clock of the server and with the token of the session', async () => {
    const signed: string[] = [];
    const serverUnixMs = Date.parse('2031-05-06T07:08:09Z');
    const endpoint = await listen(
      createServer((incoming, response) => {
        const { 'x-amz-date': date, 'x-amz-security-token': token, authorization } = incoming.headers;
        const hasToken = /SignedHeaders=[^,]*x-amz-security-token/.test(authorization ?? '') && token;
        signed.push(`${senderOf(incoming.headers)} ${String(date).slice(0, 8)} ${hasToken}`);
        incoming.resume();
        const isSkewed = !String(date).startsWith('20310506');
        response.writeHead(isSkewed ? 403 : 200, { date: new Date(serverUnixMs).toUTCString() });
        response.end(isSkewed ? '<Error><Code>RequestTimeTooSkewed</Code></Error>' : '');
      }),
    );
    const store = new S3Store({
      bucket: 'b',
      prefix: 'some prefix',
      region: 'x',
      endpoint,
      forcePathStyle: true,
      credentials: { ...credentials, sessionToken: 'token' },
    });
    closers.push(() => store.close());
    const { some, options } = content(1);
    await store.put('a', some, options);
    await store.put('b', some, options);
    expect(signed.slice(1)).toEqual(['sdk 20310506 token', 'quick 20310506 token']);
  });
});

describe('a server in trouble', () => {
  function storeAt(endpoint: string): S3Store {
    const waits = { connectMs: 300, answerMs: 300, silenceMs: 300 };
    const store = new S3Store({
      bucket: 'b',
      prefix: '',
      region: 'x',
      endpoint,
      forcePathStyle: true,
      credentials,
      waits,
    });
    closers.push(() => store.close());
    return store;
  }
  const unreachable = (message: RegExp) => ({
    name: 'StorageError',
    reason: 'unreachable',
    retryable: true,
    message: expect.stringMatching(message),
  });

  test('that is down is "unreachable"', async () => {
    const gone = createTcpServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const store = storeAt(`http://127.0.0.1:${port}`);
    await expect(store.put('a', bytes, text)).rejects.toMatchObject(unreachable(/does not answer \(ECONNREFUSED\)/));
    await expect(store.check()).rejects.toMatchObject(unreachable(/ECONNREFUSED/));
  });

  test.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
  ])('that answers %i %s is "unreachable", after a few tries', async (status, code) => {
    let requests = 0;
    const endpoint = await listen(
      createServer((incoming, response) => {
        requests++;
        incoming.resume();
        response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code></Error>`);
      }),
    );
    await expect(storeAt(endpoint).put('a', bytes, text)).rejects.toMatchObject(unreachable(/answered 50|slow down/));
    expect(requests).toBe(3);
  });

  test('that takes the request and never answers is "unreachable" in bounded time', async () => {
    const endpoint = await listen(createServer(() => {}));
    await expect(storeAt(endpoint).put('a', bytes, text)).rejects.toMatchObject(unreachable(/took too long/));
  });

  test('that closes the connection in the middle is "unreachable"', async () => {
    const endpoint = await listen(createServer((incoming) => incoming.socket.destroy()));
    await expect(storeAt(endpoint).put('a', bytes, text)).rejects.toMatchObject(unreachable(/does not answer/));
  });

  test('that falls silent in the middle of an object fails the read', async () => {
    const endpoint = await listen(
      createServer((_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('the beginning');
      }),
    );
    const stream = await storeAt(endpoint).read('a');
    await expect(stream.toArray()).rejects.toThrow();
  });

  test('that is full is "full"', async () => {
    const endpoint = await listen(
      createServer((incoming, response) => {
        incoming.resume();
        response.writeHead(507).end('<Error><Code>XMinioStorageFull</Code></Error>');
      }),
    );
    await expect(storeAt(endpoint).put('a', bytes, text)).rejects.toMatchObject({ reason: 'full', retryable: true });
  });

  test('that is no S3 server is "invalid"', async () => {
    const endpoint = await listen(
      createServer((incoming, response) => {
        incoming.resume();
        response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not here</html>');
      }),
    );
    await expect(storeAt(endpoint).put('a', bytes, text)).rejects.toMatchObject({
      reason: 'invalid',
      retryable: false,
    });
  });
});

test('a server without DeleteObjects is asked for one object after the other', async () => {
  const endpoint = await startProxy((line, response) => {
    if (!line.startsWith('POST') || !line.includes('delete')) return false;
    response.writeHead(501).end('<Error><Code>NotImplemented</Code></Error>');
    return true;
  });
  const store = await openStore(storageUrl({ endpoint }), env);
  closers.push(() => store.close());
  await store.put('a', bytes, text);
  await store.put('b', bytes, text);
  await store.delete(['a', 'b', 'c']);
  expect(await store.head('a')).toBeUndefined();
  expect(await store.head('b')).toBeUndefined();
});
