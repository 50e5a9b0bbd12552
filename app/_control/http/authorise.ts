import { findApiKey } from '../api-keys.ts';
import type { Control } from '../control.ts';
import { ProblemError } from '../problem-error.ts';
import { isSameSecret } from '../report-token.ts';
import { mayAs, type Role } from '../roles.ts';
import { isScope, roleFor, type Scope, scopes } from '../scopes.ts';
import { findSession } from '../sessions.ts';
import { readCookie, sessionCookieName } from './cookies.ts';

/** Who may use a route: who has this scope, who is `known` (any person or key), or `anyone`. */
export type Access = Scope | 'known' | 'anyone';

/** Who asks. Of `anyone` nothing is known. */
export type Caller =
  /** `userId` is null for whoever came by the link of the terminal: the owner of the machine. */
  | { kind: 'session'; sessionId: string; userId: string | null; role: Role }
  /** `keyId` is null for ADMIN_API_KEY. */
  | { kind: 'api-key'; keyId: string | null; scopes: Scope[] }
  | { kind: 'anyone' };

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** Throws 401; 403 for what the caller may not, and for a change that another site asks for in a signed-in person's name. */
export async function authorise(control: Control, request: Request, access: Access): Promise<Caller> {
  if (access === 'anyone') return { kind: 'anyone' };
  const caller = await identify(control, request);
  if (access !== 'known' && !may(caller, access)) throw mayNot(caller, access);
  return caller;
}

/** Tells callers from each other. */
export function callerName(caller: Caller): string {
  if (caller.kind === 'anyone') return 'anyone';
  return `${caller.kind} ${(caller.kind === 'session' ? caller.userId : caller.keyId) ?? 'owner'}`;
}

export function may(caller: Caller, scope: Scope): boolean {
  if (caller.kind === 'anyone') return false;
  return caller.kind === 'session' ? mayAs(caller.role, roleFor(scope)) : caller.scopes.includes(scope);
}

function mayNot(caller: Exclude<Caller, { kind: 'anyone' }>, scope: Scope): ProblemError {
  if (caller.kind === 'session') {
    const detail = `This needs the role "${roleFor(scope)}"; yours is "${caller.role}". Ask an admin.`;
    return new ProblemError('forbidden', detail);
  }
  const detail = `This needs the scope "${scope}", which this API key does not have. An admin can make one that has.`;
  // RFC 6750, 3.1.
  const challenge = `Bearer error="insufficient_scope", scope="${scope}"`;
  return new ProblemError('forbidden', detail, { headers: { 'www-authenticate': challenge } });
}

async function identify(control: Control, request: Request): Promise<Exclude<Caller, { kind: 'anyone' }>> {
  const bearer = bearerOf(request);
  if (bearer !== undefined) {
    const { adminApiKey } = control.environment;
    if (adminApiKey !== undefined && isSameSecret(bearer, adminApiKey)) {
      return { kind: 'api-key', keyId: null, scopes };
    }
    const key = await findApiKey(control, bearer);
    if (key) return { kind: 'api-key', keyId: key.id, scopes: key.scopes.filter(isScope) };
    throw unauthorised('This API key is not valid.');
  }
  const session = await findSession(control, readCookie(request, sessionCookieName(control.environment)));
  if (!session) throw unauthorised('Sign in, or send an API key as "Authorization: Bearer …".');
  if (!safeMethods.includes(request.method)) assertSameOrigin(control, request);
  return { kind: 'session', sessionId: session.id, userId: session.user.id, role: session.user.role };
}

/** For what stays open: whether who opened it may still. A database that is away for a moment closes nothing. */
export async function isStillAllowed(control: Control, request: Request, access: Access): Promise<boolean> {
  try {
    await authorise(control, request, access);
    return true;
  } catch (error) {
    return !(error instanceof ProblemError);
  }
}

/** Of who is signed in with a browser: API keys have no sessions. */
export function ownSession(caller: Caller): Extract<Caller, { kind: 'session' }> {
  if (caller.kind === 'session') return caller;
  throw new ProblemError('conflict', 'This is for who is signed in with a browser.');
}

export function bearerOf(request: Request): string | undefined {
  const header = request.headers.get('authorization');
  if (header === null) return undefined;
  return /^Bearer +(.+)$/i.exec(header)?.[1]?.trim() ?? '';
}

/** A browser says where a request comes from; ours come from a page of this host or of PUBLIC_URL. */
export function assertSameOrigin(control: Control, request: Request): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const host = request.headers.get('host');
  const { publicUrl } = control.environment;
  const ours =
    // A form of a page without referrers says "null"; so does a sandbox, but that is another site.
    origin === null || origin === 'null'
      ? site === 'same-origin'
      : origin === publicUrl || (URL.canParse(origin) && isOwnHost(new URL(origin), host, publicUrl));
  if (!ours) throw new ProblemError('forbidden', 'This was asked for by a page of another site.');
}

/** Under another name of ours; where there is TLS, not without it: such a page may be anybody's who is on the way. */
function isOwnHost(origin: URL, host: string | null, publicUrl: string): boolean {
  return origin.host === host && (origin.protocol === 'https:' || publicUrl.startsWith('http:'));
}

export function unauthorised(detail: string): ProblemError {
  return new ProblemError('unauthorised', detail, { headers: { 'www-authenticate': 'Bearer' } });
}
