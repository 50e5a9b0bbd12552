/** What a request for something shared carries: the token in its path, the viewer's pass in a cookie or the address. */
import { z } from 'zod';
import { readCookie, viewerCookieName } from './cookies.ts';

export const shareParamsSchema = z.object({ token: z.string().max(200) });

/** In a frame of another site browsers keep no cookies: there the player puts the pass into the address. */
export const passQuery = { pass: z.string().max(200).optional() };

export function readPass(request: Request, query: { pass?: string | undefined }): string | undefined {
  return query.pass ?? readCookie(request, viewerCookieName);
}
