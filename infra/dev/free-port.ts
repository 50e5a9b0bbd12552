import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { Sentence } from './prepare.mjs';

/** A TCP port of 127.0.0.1 that nobody listens on: `preferred` when it is free, else any. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred;
  return (await listenOnce(0)) ?? Promise.reject(new Sentence('This machine has no free TCP port on 127.0.0.1.'));
}

export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await listenOnce(port, host)) !== undefined;
}

export async function freeUdpPort(preferred?: number): Promise<number> {
  for (const wanted of preferred === undefined ? [0] : [preferred, 0]) {
    const port = await bindOnce(wanted);
    if (port !== undefined) return port;
  }
  throw new Sentence('This machine has no free UDP port on 127.0.0.1.');
}

function listenOnce(port: number, host = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

function bindOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(undefined));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}
