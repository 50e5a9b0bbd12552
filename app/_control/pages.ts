/**
 * What pages (server components) call, without HTTP. Each page that shows anything begins with
 * `await requireRole(…)`: a layout is not rendered again for each page, so it protects nothing.
 *
 *   requireRole(role)           the CurrentUser; redirects to /sign-in, and from there back, unless the browser is signed in,
 *                               and is "not found" for who may not see the page. In client components: useMay(role)
 *   requireSession()            the same for every role
 *   currentUser()               CurrentUser or undefined: for layouts and /sign-in
 *   listRecordings(query)       {items, nextCursor}; query as of GET /api/v1/recordings, all optional
 *   listActiveRecordings()      {items, nextCursor: null}
 *   getRecording(id)            Recording or undefined (also for text that is no id)
 *   listShares(recordingId)     {items, nextCursor}, the newest
 *   listRules()                 Rule[]
 *   currentRooms()              {rooms, livekit: 'up' | 'down'}
 *   getSharedRecording(token)   {share, recording} or undefined: for /s/[token], which needs no session. No recording
 *                               until the share's password was given. Its player's source is `/s/${token}/media?medium=…`
 *   getEmbeddedRecording(token, pass)   the same for /s/[token]/embed
 *   installation()              {embedded, publicUrl, livekitUrl}
 *
 * Users, keys and sessions: user-pages.ts. Signing in: the page /sign-in posts JSON to /api/sign-in, which sets the
 * session cookie. POST /api/sign-out removes it.
 */
import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import type { Recording, Rule, Share } from './api.ts';
import { idSchema, pageQuerySchema } from './api.ts';
import { controlPlane } from './control-plane.ts';
import type { Page } from './created-page.ts';
import { currentRooms as roomsNow } from './current-rooms.ts';
import { getRecording as findRecording } from './get-recording.ts';
import { sessionCookieName, viewerCookieName } from './http/cookies.ts';
import {
  listRecordings as list,
  listActiveRecordings as listActive,
  type RecordingsPage,
  type RecordingsQuery,
} from './list-recordings.ts';
import { ProblemError } from './problem-error.ts';
import { pagePathHeader, signInPath } from './return-path.ts';
import { mayAs, type Role } from './roles.ts';
import { listRules as rulesNow } from './rules.ts';
import { type CurrentUser, findSession } from './sessions.ts';
import { listShares as sharesOf } from './shares.ts';
import { findSharedRecording, type SharedRecording } from './view-share.ts';

export function requireSession(): Promise<CurrentUser> {
  return requireRole('viewer');
}

export async function requireRole(role: Role): Promise<CurrentUser> {
  const user = await currentUser();
  if (!user) redirect(signInPath((await headers()).get(pagePathHeader) ?? '/'));
  if (!mayAs(user.role, role)) notFound();
  return user;
}

/** Once a request, for layout and page. */
export const currentUser = cache(async (): Promise<CurrentUser | undefined> => {
  const control = await controlPlane();
  const session = await findSession(control, (await cookies()).get(sessionCookieName(control.environment))?.value);
  return session?.user;
});

export async function listRecordings(query: RecordingsQuery = {}): Promise<RecordingsPage> {
  return list(await controlPlane(), query);
}

export async function listActiveRecordings(): Promise<RecordingsPage> {
  return listActive(await controlPlane());
}

export async function getRecording(id: string): Promise<Recording | undefined> {
  if (!idSchema.safeParse(id).success) return undefined;
  return orUndefined(findRecording(await controlPlane(), id));
}

export async function listShares(recordingId: string): Promise<Page<Share>> {
  return sharesOf(await controlPlane(), recordingId, pageQuerySchema.parse({}));
}

export async function listRules(): Promise<Rule[]> {
  return rulesNow(await controlPlane());
}

export async function currentRooms(): ReturnType<typeof roomsNow> {
  return roomsNow(await controlPlane());
}

export async function getSharedRecording(token: string): Promise<SharedRecording | undefined> {
  return findSharedRecording(await controlPlane(), token, (await cookies()).get(viewerCookieName)?.value);
}

/** In another site's frame, where there are no cookies: the pass is what the address says. */
export async function getEmbeddedRecording(token: string, pass?: string): Promise<SharedRecording | undefined> {
  return findSharedRecording(await controlPlane(), token, pass);
}

export async function installation(): Promise<{ embedded: boolean; publicUrl: string; livekitUrl: string }> {
  const { embedded, publicUrl, livekitSocketUrl } = (await controlPlane()).environment;
  return { embedded, publicUrl, livekitUrl: livekitSocketUrl };
}

async function orUndefined<Value>(found: Promise<Value>): Promise<Value | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  }
}
