/**
 * A bad network between one client and a LiveKit server: a signalling address of its own, and a relay for media that loses,
 * delays, reorders and doubles what the server sends.
 *
 * Media takes the relay because signalling is rewritten on its way: the server's candidates become the relay's address, the
 * client's are withheld, so that the server knows only whom the relay speaks for. What the client sends (NACKs, reports)
 * passes unharmed, as do the handshakes: measured is how losses are repaired.
 */
import { createSocket, type Socket } from 'node:dgram';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { SessionDescription, SignalRequest, SignalResponse, TrickleRequest } from '@livekit/protocol';
import WebSocket, { WebSocketServer } from 'ws';
import { ImpairedPath, type Impairment, seededRandom } from './impairment.ts';

const LOOPBACK = '127.0.0.1';
const candidatePattern = /^((?:a=)?candidate:\S+ 1 udp \d+ )127\.0\.0\.1 (\d+)( typ host.*)$/i;

export interface BadPathOptions {
  /** ws://… */
  livekitUrl: string;
  impairment: Impairment;
  seed?: number;
}

export class BadPath {
  /** To be used in place of the server's. */
  readonly url: string;
  /** Counts what it did. */
  readonly path: ImpairedPath;
  /** True: nothing passes in either direction, handshakes included. */
  isCut = false;
  readonly #livekitUrl: string;
  readonly #server: WebSocketServer;
  readonly #sockets = new Set<Socket>();

  private constructor(server: WebSocketServer, { livekitUrl, impairment, seed = 1 }: BadPathOptions) {
    this.#server = server;
    this.#livekitUrl = livekitUrl;
    this.path = new ImpairedPath(impairment, seededRandom(seed));
    this.url = `ws://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
    server.on('connection', (client, request) => this.#connect(client, request));
  }

  static async start(options: BadPathOptions): Promise<BadPath> {
    const server = new WebSocketServer({ host: LOOPBACK, port: 0 });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    return new BadPath(server, options);
  }

  async stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    for (const socket of this.#sockets) socket.close();
    this.#sockets.clear();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client: WebSocket, request: IncomingMessage): void {
    const { authorization = '' } = request.headers;
    const server = new WebSocket(`${this.#livekitUrl}${request.url}`, { headers: { authorization } });
    const relays = new Map<number, Promise<number>>();
    const relayPort = (port: number) => {
      const relay = relays.get(port) ?? this.#startRelay(port);
      relays.set(port, relay);
      return relay;
    };
    // One after the other: rewriting may have to wait for a relay.
    let toClient: Promise<void> = Promise.resolve();
    let waiting: Buffer[] | undefined = [];
    server.on('open', () => {
      for (const bytes of waiting ?? []) server.send(bytes);
      waiting = undefined;
    });
    server.on('message', (data: Buffer) => {
      toClient = toClient.then(async () => {
        const bytes = await rewriteFromServer(data, relayPort);
        if (bytes && client.readyState === WebSocket.OPEN) client.send(bytes);
      });
    });
    client.on('message', (data: Buffer) => {
      const bytes = withoutCandidates(data);
      if (!bytes) return;
      if (waiting) waiting.push(bytes);
      else if (server.readyState === WebSocket.OPEN) server.send(bytes);
    });
    server.on('close', () => client.close());
    client.on('close', () => server.close());
    server.on('error', () => client.terminate());
    client.on('error', () => server.terminate());
  }

  /** Resolves with its port. To the server it looks like as many clients as there are addresses that send to it. */
  async #startRelay(serverPort: number): Promise<number> {
    const relay = await this.#bind(LOOPBACK);
    const upstreams = new Map<string, Promise<(packet: Buffer) => void>>();
    relay.on('message', (packet, from) => {
      if (this.isCut) return;
      const name = `${from.address}:${from.port}`;
      const answer = (bytes: Buffer) => relay.send(bytes, from.port, from.address);
      const upstream = upstreams.get(name) ?? this.#startUpstream(serverPort, answer);
      upstreams.set(name, upstream);
      void upstream.then((send) => send(packet));
    });
    return relay.address().port;
  }

  /**
   * Of its addresses LiveKit knows one under the name of the loopback, and which one is a matter of chance. So the first packets
   * go to all of them, and the rest to the one that answers.
   */
  async #startUpstream(serverPort: number, answer: (bytes: Buffer) => void): Promise<(packet: Buffer) => void> {
    const socket = await this.#bind('0.0.0.0');
    let addresses = ownAddresses();
    socket.on('message', (packet, from) => {
      addresses = [from.address];
      this.#deliver(packet, answer);
    });
    return (packet) => {
      if (!this.#sockets.has(socket)) return;
      for (const address of addresses) socket.send(packet, serverPort, address);
    };
  }

  #deliver(packet: Buffer, send: (bytes: Buffer) => void): void {
    if (this.isCut) return;
    if (!isMedia(packet)) {
      send(packet);
      return;
    }
    const nowMs = performance.now();
    for (const dueMs of this.path.plan(nowMs)) {
      if (dueMs <= nowMs) send(packet);
      else setTimeout(() => this.#sockets.size > 0 && !this.isCut && send(packet), dueMs - nowMs);
    }
  }

  async #bind(address: string): Promise<Socket> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    this.#sockets.add(socket);
    return socket;
  }
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.flatMap(({ family, address }) => (family === 'IPv4' ? [address] : []));
}

/** SRTP and SRTCP, by the first byte (RFC 7983). */
function isMedia(packet: Buffer): boolean {
  const first = packet[0] ?? 0;
  return first >= 128 && first <= 191;
}

async function rewriteFromServer(
  data: Buffer,
  relayPort: (port: number) => Promise<number>,
): Promise<Uint8Array | undefined> {
  const { message } = SignalResponse.fromBinary(new Uint8Array(data));
  const toRelay = async (line: string) => {
    const [, before, port, after] = candidatePattern.exec(line) ?? [];
    return port === undefined ? undefined : `${before}${LOOPBACK} ${await relayPort(Number(port))}${after}`;
  };
  if (message.case === 'trickle') {
    const init = JSON.parse(message.value.candidateInit) as { candidate: string };
    const candidate = await toRelay(init.candidate);
    if (candidate === undefined) return undefined;
    const value = new TrickleRequest({ ...message.value, candidateInit: JSON.stringify({ ...init, candidate }) });
    return new SignalResponse({ message: { case: 'trickle', value } }).toBinary();
  }
  if (message.case === 'offer' || message.case === 'answer') {
    const lines: string[] = [];
    for (const line of message.value.sdp.split('\r\n')) {
      const kept = line.startsWith('a=candidate:') ? await toRelay(line) : line;
      if (kept !== undefined) lines.push(kept);
    }
    const value = new SessionDescription({ ...message.value, sdp: lines.join('\r\n') });
    return new SignalResponse({ message: { case: message.case, value } }).toBinary();
  }
  return data;
}

function withoutCandidates(data: Buffer): Buffer | undefined {
  const { message } = SignalRequest.fromBinary(new Uint8Array(data));
  if (message.case === 'trickle') return undefined;
  if (message.case === 'offer' || message.case === 'answer') {
    const lines = message.value.sdp.split('\r\n').filter((line) => !line.startsWith('a=candidate:'));
    const value = new SessionDescription({ ...message.value, sdp: lines.join('\r\n') });
    return Buffer.from(new SignalRequest({ message: { case: message.case, value } }).toBinary());
  }
  return data;
}
