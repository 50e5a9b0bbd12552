import type { Handler } from '../http/handle.ts';

export const origin = 'http://recorder.test';
export const adminApiKey = 'the key of the administrator';

export interface Call {
  method?: string;
  path?: string;
  params?: Record<string, string>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  body?: BodyInit;
  /** Default: the administrator's API key. */
  as?: 'admin' | 'nobody';
  signal?: AbortSignal;
}

/** Calls a route as Next.js does. */
export function callRoute(route: Handler, call: Call = {}): Promise<Response> {
  const headers = new Headers(call.headers);
  if (call.as !== 'nobody' && !headers.has('authorization')) headers.set('authorization', `Bearer ${adminApiKey}`);
  if (call.json !== undefined) headers.set('content-type', 'application/json');
  const body = call.json === undefined ? call.body : JSON.stringify(call.json);
  const method = call.method ?? (body === undefined ? 'GET' : 'POST');
  const request = new Request(origin + (call.path ?? '/'), { method, headers, body, signal: call.signal });
  return route(request, { params: Promise.resolve(call.params ?? {}) });
}
