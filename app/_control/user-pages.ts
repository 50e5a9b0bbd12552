/** What the pages of signing in and of users, API keys and the own account call, without HTTP. See pages.ts. */
import { cookies } from 'next/headers';
import { listActions as actionsNow } from './actions.ts';
import type { Action } from './actions-api.ts';
import { pageQuerySchema } from './api.ts';
import { listApiKeys as keysNow } from './api-keys.ts';
import { controlPlane } from './control-plane.ts';
import type { Page } from './created-page.ts';
import { sessionCookieName } from './http/cookies.ts';
import { findSession, listSessions } from './sessions.ts';
import { peekSignInLink } from './sign-in.ts';
import { needsSetUp as isSetUpNeeded, listUsers as usersNow } from './users.ts';
import type { ApiKey, SessionInfo, User } from './users-api.ts';

/** What a one-time link opens: `over` when it was used or has expired. */
export type SignInLink = { kind: 'terminal' } | { kind: 'invitation'; name: string; email: string } | { kind: 'over' };

/** The link is not used up. */
export async function readSignInLink(token: string): Promise<SignInLink> {
  const user = await peekSignInLink(await controlPlane(), token);
  if (user === undefined) return { kind: 'over' };
  return user === null ? { kind: 'terminal' } : { kind: 'invitation', name: user.name, email: user.email };
}

/** Nobody can sign in without the link of the terminal yet. */
export async function needsSetUp(): Promise<boolean> {
  return isSetUpNeeded((await controlPlane()).database.db);
}

export async function listUsers(): Promise<User[]> {
  return usersNow(await controlPlane());
}

export async function listApiKeys(): Promise<ApiKey[]> {
  return keysNow(await controlPlane());
}

/** Of whoever looks at the page. */
export async function listOwnSessions(): Promise<SessionInfo[]> {
  const control = await controlPlane();
  const session = await findSession(control, (await cookies()).get(sessionCookieName(control.environment))?.value);
  return session ? listSessions(control, session.user.id, session.id) : [];
}

/** Newest first. An address that somebody changed begins anew. */
export async function listActions(cursor: string | undefined): Promise<Page<Action>> {
  const isCursor = cursor !== undefined && /^\d{1,15}$/.test(cursor);
  return actionsNow(await controlPlane(), pageQuerySchema.parse(isCursor ? { cursor } : {}));
}
