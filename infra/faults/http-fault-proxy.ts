/** A reverse proxy in front of an object store that answers for it with an error, while told to. Bodies stream through. */
import { createServer, request, type Server } from 'node:http';
import { pipeline } from 'node:stream';

export class HttpFaultProxy {
  readonly port: number;
  /** Requests that were answered instead of the server. */
  answered = 0;
  readonly #server: Server;
  #status: number | undefined;

  private constructor(server: Server, port: number, targetPort: number) {
    this.#server = server;
    this.port = port;
    server.on('request', (incoming, outgoing) => {
      if (this.#status !== undefined) {
        this.answered += 1;
        incoming.resume();
        outgoing.writeHead(this.#status, { 'content-type': 'application/xml' }).end(errorBody(this.#status));
        return;
      }
      // The host is part of what an S3 client signs: everything goes on as it came.
      const { method, url, headers } = incoming;
      const forwarded = request({ port: targetPort, host: '127.0.0.1', method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, outgoing, () => undefined);
      });
      forwarded.on('error', () => outgoing.destroy());
      // Without this a client would wait for leave to send its body for ever.
      forwarded.on('continue', () => outgoing.writeContinue());
      pipeline(incoming, forwarded, (error) => error && forwarded.destroy());
    });
    server.on('checkContinue', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  }

  static async start(targetPort: number): Promise<HttpFaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
    return new HttpFaultProxy(server, address.port, targetPort);
  }

  /** Every request gets this status; undefined: the server answers again. */
  answerWith(status: number | undefined): void {
    this.#status = status;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function errorBody(status: number): string {
  const code = status === 403 ? 'AccessDenied' : status === 503 ? 'SlowDown' : 'InternalError';
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>A fault of the test</Message></Error>`;
}
