/** A network line of some speed to a port of this machine, where there is none: what goes through comes no faster. */
import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Shorter waits than a timer knows are saved up; what a late timer cost is made up for, within this. */
const SHORTEST_WAIT_MS = 4;
const LATE_MS = 20;

export interface Line {
  port: number;
  stop(): Promise<void>;
}

/** Each direction of each connection has the whole speed for itself. */
export async function openLine(targetPort: number, bytesPerSecond: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
    // Whoever ends a connection ends both halves of it.
    const pass = (from: Socket, to: Socket) =>
      pipeline(from, (bytes: AsyncIterable<Buffer>) => slowed(bytes, bytesPerSecond), to).catch(() => {
        from.destroy();
        to.destroy();
      });
    void pass(client, target);
    void pass(target, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The line has no port.');
  return {
    port: address.port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function* slowed(bytes: AsyncIterable<Buffer>, bytesPerSecond: number): AsyncGenerator<Buffer> {
  let freeAtMs = performance.now();
  for await (const chunk of bytes) {
    freeAtMs = Math.max(freeAtMs, performance.now() - LATE_MS) + (chunk.length / bytesPerSecond) * 1000;
    yield chunk;
    const earlyMs = freeAtMs - performance.now();
    if (earlyMs >= SHORTEST_WAIT_MS) await delay(earlyMs);
  }
}
