/**
 * Next.js takes the Content-Length off whatever a route handler answers (its send-response.js, FORBIDDEN_HEADERS).
 * Downloads then show no progress and HEAD no size. So media says its length under another name, too, and here, where
 * Node hands out the response before Next.js sees it, that name becomes the right one.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

export const keptContentLength = 'x-kept-content-length';

/** Once per process. */
export function keepContentLength(): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (!/\/(media|archive)(\?|$)/.test(request.url ?? '')) return;
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) =>
      name === keptContentLength ? setHeader('content-length', String(value)) : setHeader(name, value);
  });
}
