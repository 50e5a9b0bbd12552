import type { Environment } from '../environment.ts';

/** For answers that are no pages: nothing in them may run, be framed, or be taken for something else. */
const headers = {
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export function withSecurityHeaders(response: Response, installation?: Pick<Environment, 'publicUrl'>): Response {
  const all = { ...headers, ...(installation && strictTransport(installation)) };
  for (const [name, value] of Object.entries(all)) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  return response;
}

/** Behind TLS, for a year: whoever was here once is not led elsewhere without it. */
export function strictTransport({ publicUrl }: Pick<Environment, 'publicUrl'>): Record<string, string> {
  return publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {};
}
