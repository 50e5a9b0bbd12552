/**
 * Before every page: what browsers are told with it (app/_control/http/page-headers.ts). Nothing is authorised here:
 * each page and each route does that itself.
 */
import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';
import { type Environment, parseEnvironment } from './app/_control/environment.ts';
import { pageHeaders } from './app/_control/http/page-headers.ts';
import { pagePathHeader } from './app/_control/return-path.ts';

let environment: Environment | undefined;

export async function proxy(request: NextRequest): Promise<NextResponse> {
  environment ??= parseEnvironment(process.env);
  const { pathname } = request.nextUrl;
  const token = /^\/s\/([^/]+)\/embed$/.exec(pathname)?.[1];
  const headers = pageHeaders(environment, {
    pathname,
    nonce: randomBytes(16).toString('base64'),
    embedSites: token === undefined ? undefined : await embedSitesOf(token),
  });
  // Next.js reads the nonce for its own scripts from the request.
  const toPage = new Headers(request.headers);
  toPage.set('content-security-policy', headers['content-security-policy'] ?? '');
  // Pages do not see their own address. Whatever the browser sent under this name is replaced.
  toPage.set(pagePathHeader, pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers: toPage } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Unknown, or with the database away: nobody frames it. */
async function embedSitesOf(token: string): Promise<readonly string[]> {
  try {
    const { findEmbedSites } = await import('./app/_control/find-embed-sites.ts');
    return await findEmbedSites(token);
  } catch {
    return [];
  }
}

/** All but files, the API, and what shares serve besides their pages: those say their own. */
export const config = {
  matcher: ['/((?!api/|_next/|icon\\.svg$|s/[^/]+/(?!embed$)).*)'],
};
