/**
 * LiveKit's signalling, protocol version 0: protobufs over a WebSocket.
 *
 * `open` resolves with the server's JoinResponse. After that every message goes to `events.message`; pings are sent and
 * answered here. `closed` is called once when the socket is gone, for whatever reason but our own `close`.
 * Dropped: messages that cannot be decoded (counted, and logged once).
 */
import {
  DisconnectReason,
  type JoinResponse,
  LeaveRequest,
  Ping,
  SignalRequest,
  SignalResponse,
} from '@livekit/protocol';
import type { Logger } from 'pino';
import WebSocket from 'ws';
import type { Clock } from '../clock.ts';
import { UnreadableInput } from '../unreadable-input.ts';
import { refusedError, unreachableError } from './signal-error.ts';
import { signalUrl } from './signal-url.ts';

export type ServerMessage = SignalResponse['message'];
export type ClientMessage = SignalRequest['message'];

export interface SignalEvents {
  message(message: ServerMessage): void;
  closed(): void;
}

export interface SignalClientOptions {
  url: string;
  token: string;
  clock: Clock;
  log: Logger;
  events: SignalEvents;
  /** Default: as long as the server may take. */
  openWithinMs?: number;
}

/** The server tries for 3, 6 and 9 s to find the room's node before it answers. */
const OPEN_WITHIN_MS = 20_000;
/** An offer of a hundred m-lines has 200 kB; a room of thousands of participants a few MB. */
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;
/** What is read of an answer that is not a socket. */
const MOST_ANSWER_BYTES = 300;
/** When the server does not say. */
const PING_INTERVAL_SECONDS = 5;
const PING_TIMEOUT_SECONDS = 15;
/** Timers count to 2^31 ms and no further. */
const LONGEST_PING_INTERVAL_SECONDS = 3600;

export class SignalClient {
  readonly #socket: WebSocket;
  readonly #options: SignalClientOptions;
  #pingTimer: NodeJS.Timeout | undefined;
  #lastHeardMicros = 0;
  #roundTripMs: number | undefined;
  readonly #unreadable: UnreadableInput;
  #state: 'joining' | 'joined' | 'closed' = 'joining';

  private constructor(options: SignalClientOptions, socket: WebSocket) {
    this.#options = options;
    this.#unreadable = new UnreadableInput(options.log);
    this.#socket = socket;
  }

  /** @throws TaskError with reason `livekit.refused` or `livekit.unreachable`. */
  static open(options: SignalClientOptions): Promise<{ client: SignalClient; join: JoinResponse }> {
    const url = signalUrl(options.url);
    const { openWithinMs = OPEN_WITHIN_MS } = options;
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${options.token}` },
      handshakeTimeout: openWithinMs,
      maxPayload: MOST_MESSAGE_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const client = new SignalClient(options, socket);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        client.#end();
        reject(error);
      };
      const timer = setTimeout(() => fail(unreachableError(url.host, 'no answer in time')), openWithinMs);
      socket.once('unexpected-response', (_request, response) => {
        let answer = '';
        response.on('data', (chunk: Buffer) => {
          answer = (answer + chunk.toString()).slice(0, MOST_ANSWER_BYTES + options.token.length);
        });
        response.once('close', () => {
          clearTimeout(timer);
          // The server repeats the token it refuses.
          const said = answer.replaceAll(options.token, '…').slice(0, MOST_ANSWER_BYTES);
          fail(refusedError(url.host, response.statusCode ?? 0, said));
        });
      });
      socket.on('error', (error) => {
        clearTimeout(timer);
        if (client.#state === 'joining') fail(unreachableError(url.host, error));
      });
      socket.on('close', () => {
        clearTimeout(timer);
        if (client.#state === 'joining') fail(unreachableError(url.host, 'the connection was closed at once'));
        else client.#handleClosed();
      });
      socket.on('message', (data: WebSocket.RawData) => {
        const message = client.#decode(data);
        if (client.#state !== 'joining') {
          client.#handleMessage(message);
        } else if (message.case === 'join') {
          clearTimeout(timer);
          client.#handleJoined(message.value);
          resolve({ client, join: message.value });
        } else if (message.case === 'leave') {
          clearTimeout(timer);
          fail(unreachableError(url.host, `it turned us away: ${DisconnectReason[message.value.reason]}`));
        }
      });
    });
  }

  /** Newest, of the signalling connection. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  send(message: ClientMessage): void {
    if (this.#state === 'closed' || this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(new SignalRequest({ message }).toBinary());
  }

  /** Leaves the room and closes the socket; `closed` is not called. */
  close(): void {
    if (this.#state === 'joined')
      this.send({ case: 'leave', value: new LeaveRequest({ reason: DisconnectReason.CLIENT_INITIATED }) });
    this.#end();
  }

  #end(): void {
    this.#state = 'closed';
    clearInterval(this.#pingTimer);
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close();
    else if (this.#socket.readyState !== WebSocket.CLOSED) this.#socket.terminate();
  }

  #decode(data: WebSocket.RawData): ServerMessage {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
    try {
      return SignalResponse.fromBinary(bytes).message;
    } catch (error) {
      this.#unreadable.add('signalling message', error);
      return { case: undefined };
    }
  }

  #handleJoined(join: JoinResponse): void {
    this.#state = 'joined';
    this.#lastHeardMicros = this.#options.clock.monotonicMicros();
    const timeoutMicros = (join.pingTimeout || PING_TIMEOUT_SECONDS) * 1_000_000;
    this.#pingTimer = setInterval(
      () => {
        if (this.#options.clock.monotonicMicros() - this.#lastHeardMicros > timeoutMicros) {
          this.#options.log.warn('LiveKit answers no pings; the connection is given up');
          this.#handleClosed();
        } else {
          this.#ping();
        }
      },
      Math.min(Math.max(1, join.pingInterval || PING_INTERVAL_SECONDS), LONGEST_PING_INTERVAL_SECONDS) * 1000,
    );
  }

  #ping(): void {
    const timestamp = BigInt(Math.round(this.#options.clock.monotonicMicros() / 1000));
    this.send({ case: 'pingReq', value: new Ping({ timestamp, rtt: BigInt(Math.round(this.#roundTripMs ?? 0)) }) });
  }

  #handleMessage(message: ServerMessage): void {
    if (this.#state === 'closed') return;
    const nowMicros = this.#options.clock.monotonicMicros();
    this.#lastHeardMicros = nowMicros;
    if (message.case === 'pongResp') {
      this.#roundTripMs = Math.max(0, nowMicros / 1000 - Number(message.value.lastPingTimestamp));
    } else if (message.case !== undefined) {
      this.#options.events.message(message);
    }
  }

  #handleClosed(): void {
    if (this.#state === 'closed') return;
    this.#end();
    this.#options.events.closed();
  }
}
