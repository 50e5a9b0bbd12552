/**
 * A server that stops waits for its connections, and ours are kept alive by whoever asks again and again: recorders
 * report every second on one. So from `stopping` on each answer is the last one of its connection, and connections
 * that are idle are closed. Otherwise stopping would take as long as others like.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Server, ServerResponse } from 'node:http';

const CLOSE_EVERY_MS = 50;

/** Once per process. */
export function closeConnectionsWhen(stopping: AbortSignal): void {
  const servers = new Set<Server>();
  subscribe('http.server.request.start', (message) => {
    const { server, response } = message as { server: Server; response: ServerResponse };
    servers.add(server);
    if (stopping.aborted) response.shouldKeepAlive = false;
  });
  stopping.addEventListener('abort', () => {
    const closing = setInterval(() => {
      for (const server of servers) server.closeIdleConnections();
    }, CLOSE_EVERY_MS);
    closing.unref();
  });
}
