import { once } from 'node:events';
import { JoinResponse, LeaveRequest, Pong, SignalRequest, SignalResponse } from '@livekit/protocol';
import fc from 'fast-check';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ServerMessage, SignalClient } from './signal-client.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A server whose every word the test chooses. */
async function server(greet: (socket: WebSocket, url: string, authorization: string | undefined) => void) {
  const listening = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(listening, 'listening');
  listening.on('connection', (socket, request) => greet(socket, request.url ?? '', request.headers.authorization));
  cleanups.push(() => {
    for (const client of listening.clients) client.terminate();
    listening.close();
  });
  const address = listening.address();
  if (typeof address === 'string' || !address) throw new Error('The server has no port.');
  return `http://127.0.0.1:${address.port}/behind/a/proxy/`;
}

function say(socket: WebSocket, message: ServerMessage): void {
  socket.send(new SignalResponse({ message }).toBinary());
}

const join = (socket: WebSocket, seconds = 60) =>
  say(socket, { case: 'join', value: new JoinResponse({ pingInterval: seconds, pingTimeout: 15 }) });

function open(url: string, openWithinMs?: number) {
  const messages: ServerMessage[] = [];
  const warnings: string[] = [];
  let nowMicros = 0;
  let closed = 0;
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) });
  const opening = SignalClient.open({
    url,
    token: 'secret-token',
    openWithinMs,
    clock: { monotonicMicros: () => nowMicros, unixMs: () => 0 },
    log,
    events: {
      message: (message) => messages.push(message),
      closed: () => {
        closed += 1;
      },
    },
  });
  opening.then(
    ({ client }) => cleanups.push(() => client.close()),
    () => undefined,
  );
  return {
    opening,
    messages,
    warnings,
    closed: () => closed,
    setSeconds: (seconds: number) => {
      nowMicros = seconds * 1_000_000;
    },
  };
}

test('the token travels in a header, not in the address, and the path is kept', async () => {
  let seen = { url: '', authorization: '' };
  const url = await server((socket, path, authorization) => {
    seen = { url: path, authorization: authorization ?? '' };
    join(socket);
  });
  await open(url).opening;
  expect(seen.authorization).toBe('Bearer secret-token');
  expect(seen.url).toMatch(/^\/behind\/a\/proxy\/rtc\?.*protocol=15.*auto_subscribe=0/);
  expect(seen.url).not.toContain('secret');
});

test('messages that make no sense are skipped, and said once', async () => {
  const url = await server((socket) => {
    join(socket);
    socket.send(Buffer.from('ffffffffffffff', 'hex'));
    socket.send('text');
    socket.send(Buffer.alloc(0));
    say(socket, { case: 'refreshToken', value: 'newer' });
  });
  const { opening, messages, warnings } = open(url);
  await opening;
  await expect.poll(() => messages).toMatchObject([{ case: 'refreshToken', value: 'newer' }]);
  expect(warnings).toHaveLength(1);
});

test('whatever bytes come, the connection lives, and one line is logged', async () => {
  const whole = new SignalResponse({
    message: { case: 'join', value: new JoinResponse({ pingInterval: 60, sifTrailer: Buffer.alloc(20, 7) }) },
  }).toBinary();
  const noise = fc.sample(fc.uint8Array({ maxLength: 200 }), { numRuns: 300, seed: 1 });
  const damaged = fc.sample(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { numRuns: 300, seed: 1 });
  const url = await server((socket) => {
    join(socket);
    for (const bytes of noise) socket.send(bytes);
    for (const [at, value] of damaged) socket.send(whole.with(at, value));
    say(socket, { case: 'refreshToken', value: 'newer' });
  });
  const { opening, messages, warnings, closed } = open(url);
  await opening;
  await expect.poll(() => messages.at(-1), { timeout: 10_000 }).toMatchObject({ case: 'refreshToken', value: 'newer' });
  expect(closed()).toBe(0);
  expect(warnings).toHaveLength(1);
});

test('a server that closes before it lets us in is unreachable, and so is one that lets nobody in', async () => {
  const closing = await server((socket) => socket.close());
  await expect(open(closing).opening).rejects.toMatchObject({ reason: 'livekit.unreachable', retryable: true });
  const leaving = await server((socket) => say(socket, { case: 'leave', value: new LeaveRequest() }));
  await expect(open(leaving).opening).rejects.toMatchObject({ reason: 'livekit.unreachable' });
});

test('a server that says nothing is unreachable when its time is over', async () => {
  const { opening } = open(await server(() => {}), 50);
  await expect(opening).rejects.toMatchObject({ reason: 'livekit.unreachable', retryable: true });
});

test('the end of the connection is told once', async () => {
  const url = await server((socket) => {
    join(socket);
    socket.close();
  });
  const { opening, closed } = open(url);
  await opening;
  await expect.poll(closed).toBe(1);
});

test('pings measure the round trip', async () => {
  const url = await server((socket) => {
    join(socket, 1);
    socket.on('message', (data: Buffer) => {
      const { message } = SignalRequest.fromBinary(new Uint8Array(data));
      if (message.case !== 'pingReq') return;
      // As if it had taken half a second.
      const lastPingTimestamp = message.value.timestamp - 500n;
      say(socket, { case: 'pongResp', value: new Pong({ lastPingTimestamp }) });
    });
  });
  const { opening, setSeconds } = open(url);
  const { client } = await opening;
  setSeconds(10);
  await expect.poll(() => client.roundTripMs).toBe(500);
});

test('a server that answers no pings is given up', async () => {
  const url = await server((socket) => join(socket, 1));
  const { opening, closed, setSeconds } = open(url);
  await opening;
  setSeconds(20);
  await expect.poll(closed).toBe(1);
});
