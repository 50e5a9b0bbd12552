/**
 * A TCP path between two parts of the product that breaks in the ways networks do. Bytes in, the same bytes out, later or not
 * at all: a connection holds at most `mostHeldBytes` a direction, then its sender is not read from.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface PathFaults {
  /** New connections are reset at once, as by a machine on which nobody listens. */
  refuses?: boolean;
  /** Connections stand and nothing passes: a network that swallows packets. It passes when the fault is over. */
  swallows?: boolean;
  /** Every piece is late by this. */
  delayMs?: number;
  bytesPerSecond?: number;
  /** A connection is reset once this much has gone to the server: in the middle of a body, when that is large. */
  cutAfterBytes?: number;
}

const mostHeldBytes = 256 * 1024;
const stepMs = 20;

export class TcpFaultProxy {
  readonly port: number;
  /** Connections that were cut or refused by a fault. */
  broken = 0;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #faults: PathFaults = {};

  private constructor(server: Server, port: number, targetPort: number) {
    this.#server = server;
    this.port = port;
    server.on('connection', (client) => {
      if (this.#faults.refuses) {
        this.broken += 1;
        client.resetAndDestroy();
        return;
      }
      const link = new Link(client, connect({ port: targetPort, host: '127.0.0.1' }), () => this.#faults);
      this.#links.add(link);
      link.onEnd = (isCut) => {
        this.#links.delete(link);
        if (isCut) this.broken += 1;
      };
    });
  }

  static async start(targetPort: number): Promise<TcpFaultProxy> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
    return new TcpFaultProxy(server, address.port, targetPort);
  }

  /** From now on; `{}` heals. Connections that were cut stay cut. */
  set(faults: PathFaults): void {
    this.#faults = faults;
    for (const link of this.#links) link.pump();
  }

  /** Resets every connection there is. */
  cut(): void {
    for (const link of [...this.#links]) link.cut();
  }

  /** Half-open: connections that stand now never pass anything again, and nobody is told. New ones work. */
  strand(): void {
    for (const link of this.#links) link.stranded = true;
  }

  get connections(): number {
    return this.#links.size;
  }

  async stop(): Promise<void> {
    this.#faults = { refuses: true };
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

class Link {
  stranded = false;
  onEnd: (isCut: boolean) => void = () => undefined;
  readonly #sockets: readonly [Socket, Socket];
  readonly #ways: readonly [Way, Way];
  #ended = false;

  constructor(client: Socket, server: Socket, faults: () => PathFaults) {
    this.#sockets = [client, server];
    const current = () => (this.stranded ? { swallows: true } : faults());
    this.#ways = [
      new Way(client, server, current, (passedBytes) => {
        if (passedBytes >= (current().cutAfterBytes ?? Number.POSITIVE_INFINITY)) this.cut();
      }),
      new Way(server, client, current, () => undefined),
    ];
    for (const socket of this.#sockets) {
      socket.on('error', () => this.cut());
      socket.on('close', () => {
        if (this.#sockets.every((each) => each.destroyed)) this.#end(false);
      });
    }
  }

  pump(): void {
    for (const way of this.#ways) way.pump();
  }

  cut(): void {
    for (const socket of this.#sockets) {
      if (!socket.destroyed) socket.resetAndDestroy();
    }
    this.#end(true);
  }

  #end(isCut: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const way of this.#ways) way.close();
    this.onEnd(isCut);
  }
}

/** One direction of a connection. */
class Way {
  readonly #to: Socket;
  readonly #from: Socket;
  readonly #faults: () => PathFaults;
  readonly #onPassed: (passedBytes: number) => void;
  readonly #held: { bytes: Buffer; dueMs: number }[] = [];
  #heldBytes = 0;
  #passedBytes = 0;
  #isOver = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, faults: () => PathFaults, onPassed: (passedBytes: number) => void) {
    this.#from = from;
    this.#to = to;
    this.#faults = faults;
    this.#onPassed = onPassed;
    from.on('data', (bytes: Buffer) => {
      this.#held.push({ bytes, dueMs: performance.now() + (faults().delayMs ?? 0) });
      this.#heldBytes += bytes.length;
      if (this.#heldBytes > mostHeldBytes) from.pause();
      this.pump();
    });
    from.on('end', () => {
      this.#isOver = true;
      this.pump();
    });
    to.on('drain', () => this.pump());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  pump(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#to.destroyed || this.#faults().swallows) return;
    const { bytesPerSecond } = this.#faults();
    let allowed = bytesPerSecond === undefined ? Number.POSITIVE_INFINITY : Math.ceil((bytesPerSecond * stepMs) / 1000);
    for (let first = this.#held[0]; first && allowed > 0 && !this.#to.writableNeedDrain; first = this.#held[0]) {
      if (first.dueMs > performance.now()) break;
      const piece = first.bytes.subarray(0, allowed);
      if (piece.length === first.bytes.length) this.#held.shift();
      else first.bytes = first.bytes.subarray(piece.length);
      allowed -= piece.length;
      this.#heldBytes -= piece.length;
      this.#passedBytes += piece.length;
      this.#to.write(piece);
      this.#onPassed(this.#passedBytes);
      if (this.#closed) return;
    }
    if (this.#heldBytes <= mostHeldBytes) this.#from.resume();
    if (this.#held.length > 0) this.#timer = setTimeout(() => this.pump(), stepMs);
    else if (this.#isOver) this.#to.end();
  }
}
