/** One request over a kept connection: its answer, and how long it took until the last byte. */
import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';

export const keptConnections = new Agent({ keepAlive: true });

export interface TimedAnswer {
  status: number;
  text: string;
  tookMs: number;
}

export async function timedRequest(
  url: string | URL,
  options: RequestOptions = {},
  body?: string,
): Promise<TimedAnswer> {
  const from = performance.now();
  const response = await send(url, options, body);
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode ?? 0, text, tookMs: performance.now() - from };
}

/** The answer's head; its body is the caller's. */
export function send(url: string | URL, options: RequestOptions = {}, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent: keptConnections, ...options }, resolve);
    request.on('error', reject);
    request.end(body);
  });
}
