/**
 * Route handlers of Next.js do not see the connection that a request came by. So its address is added to those that
 * proxies tell, as a proxy in front of us would, before Next.js reads them: the last one is always true.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Once per process. */
export function noteConnection(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const told = request.headers['x-forwarded-for'];
    const address = request.socket.remoteAddress ?? 'unknown';
    request.headers['x-forwarded-for'] = told === undefined ? address : `${told}, ${address}`;
  });
}
