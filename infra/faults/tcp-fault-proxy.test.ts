import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TcpFaultProxy } from './tcp-fault-proxy.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Sends back what it gets. */
async function echoThroughProxy(): Promise<TcpFaultProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await TcpFaultProxy.start((server.address() as { port: number }).port);
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  cleanups.push(() => proxy.stop());
  return proxy;
}

function open(proxy: TcpFaultProxy): Socket {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' });
  cleanups.push(() => socket.destroy());
  return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
  let heard = '';
  const whole = new Promise<string>((resolve, reject) => {
    socket.on('data', (bytes) => {
      heard += bytes;
      if (heard.length >= text.length) resolve(heard);
    });
    socket.once('error', reject);
  });
  socket.write(text);
  return whole;
}

test('passes bytes unchanged in both directions', async () => {
  const proxy = await echoThroughProxy();
  const text = 'numbers '.repeat(100_000);
  expect(await echo(open(proxy), text)).toBe(text);
});

test('a path that refuses resets new connections and counts them', async () => {
  const proxy = await echoThroughProxy();
  proxy.set({ refuses: true });
  const [error] = await once(open(proxy), 'error');
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(proxy.broken).toBe(1);
});

test('what was swallowed arrives when the fault is over', async () => {
  const proxy = await echoThroughProxy();
  proxy.set({ swallows: true });
  const heard = echo(open(proxy), 'late');
  await new Promise<void>((resolve) => setImmediate(resolve));
  proxy.set({});
  expect(await heard).toBe('late');
});

test('a stranded connection stays silent while a new one works', async () => {
  const proxy = await echoThroughProxy();
  const old = open(proxy);
  expect(await echo(old, 'before')).toBe('before');
  proxy.strand();
  let heard = '';
  old.on('data', (bytes) => {
    heard += bytes;
  });
  old.write('into the dark');
  expect(await echo(open(proxy), 'new')).toBe('new');
  expect(heard).toBe('');
  expect(old.destroyed).toBe(false);
});

test('a connection is reset in the middle of what it sends', async () => {
  const proxy = await echoThroughProxy();
  proxy.set({ cutAfterBytes: 1000 });
  const socket = open(proxy);
  const failed = once(socket, 'error');
  socket.write(Buffer.alloc(500_000));
  const [error] = await failed;
  expect((error as NodeJS.ErrnoException).code).toMatch(/ECONNRESET|EPIPE/);
  expect(proxy.broken).toBe(1);
});
