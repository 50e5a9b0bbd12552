/**
 * What LiveKit's webhooks go through on their way to the dashboard. LiveKit is always told that they arrived; what becomes of
 * them is decided here. Keeps the last 10,000, so that they can be delivered later, again, and in another order.
 */
import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Webhook {
  event: string;
  room: string;
  body: Buffer;
  authorization: string;
}

const mostKept = 10_000;

export class WebhookPath {
  readonly url: string;
  readonly seen: Webhook[] = [];
  /** What happens to a webhook that comes; default: it is delivered. */
  onWebhook: (webhook: Webhook) => Promise<unknown> | undefined = (webhook) => this.deliver(webhook);
  readonly #server: Server;
  readonly #target: () => string;

  private constructor(server: Server, url: string, target: () => string) {
    this.#server = server;
    this.url = url;
    this.#target = target;
    server.on('request', async (request, response) => {
      const body = await buffer(request).catch(() => Buffer.alloc(0));
      const told = readEvent(body);
      // A server that is killed breaks off in the middle; and ports are found by other programs too.
      if (!told) return response.writeHead(400).end();
      response.writeHead(200).end();
      const { authorization = '' } = request.headers;
      const webhook = { event: told.event, room: told.room?.name ?? '', body, authorization };
      this.seen.push(webhook);
      if (this.seen.length > mostKept) this.seen.shift();
      await this.onWebhook(webhook);
    });
  }

  /** @param target The dashboard's origin, asked for at each delivery. */
  static async start(target: () => string): Promise<WebhookPath> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The webhook path has no port.');
    return new WebhookPath(server, `http://127.0.0.1:${address.port}/`, target);
  }

  /** The status of the answer; undefined when there was none. */
  async deliver({ body, authorization }: Pick<Webhook, 'body' | 'authorization'>): Promise<number | undefined> {
    const answer = await fetch(`${this.#target()}/api/livekit/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/webhook+json', authorization },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(5000),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.status;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function readEvent(body: Buffer): { event: string; room?: { name?: string } } | undefined {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
