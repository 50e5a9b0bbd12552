/**
 * Browsers that are signed in. A session is 256 random bits in a cookie, kept as a hash; it ends when it is old, when
 * it was not used for long, when its person signs out (here or everywhere), is disabled, gets another role, or chooses
 * another password.
 */
import type { Queryable } from '../../db/client.ts';
import {
  deleteSession,
  deleteSessionById,
  deleteSessions,
  findSession as findRow,
  insertSession,
  listSessions as listRows,
  touchSession,
} from '../../db/queries/write-session.ts';
import { createSecretToken, hashSecretToken } from '../../db/secret-token.ts';
import type { Control } from './control.ts';
import type { Caller } from './http/authorise.ts';
import { clientAddress } from './http/client-address.ts';
import { notFound } from './problem-error.ts';
import type { Role } from './roles.ts';
import { SEEN_EVERY_MS, SESSION_IDLE_MS, SESSION_MS } from './timing.ts';
import type { SessionInfo } from './users-api.ts';

/** Who is signed in. */
export interface CurrentUser {
  /** Null for whoever came by the link of the terminal: the owner of the machine. */
  id: string | null;
  name: string;
  email: string | null;
  role: Role;
}

export interface Session {
  id: string;
  user: CurrentUser;
}

/** Whoever came by the link of the terminal. */
export const owner: CurrentUser = { id: null, name: 'Owner', email: null, role: 'admin' };

/** What a person is told of a session, to know it by. */
interface Browser {
  userAgent: string;
  address: string;
}

export function browserOf(request: Request): Browser {
  return {
    userAgent: (request.headers.get('user-agent') ?? '').slice(0, 300),
    address: clientAddress(request),
  };
}

/** The secret of the cookie. `db`: the transaction of what it belongs to. */
export async function openSession(db: Queryable, userId: string | null, browser: Browser): Promise<string> {
  const secret = createSecretToken();
  await insertSession(db, { tokenHash: hashSecretToken(secret), userId, validMs: SESSION_MS, ...browser });
  return secret;
}

export async function findSession(control: Control, secret: string | undefined): Promise<Session | undefined> {
  if (!secret) return undefined;
  const { db } = control.database;
  const tokenHash = hashSecretToken(secret);
  const found = await findRow(db, tokenHash, { idleMs: SESSION_IDLE_MS, seenEveryMs: SEEN_EVERY_MS });
  if (!found) return undefined;
  if (found.isStale) await touchSession(db, tokenHash, SEEN_EVERY_MS);
  const { user } = found;
  return {
    id: found.id,
    user: user === null ? owner : { id: user.id, name: user.name, email: user.email, role: user.role },
  };
}

export async function signOut(control: Control, secret: string): Promise<void> {
  await deleteSession(control.database.db, hashSecretToken(secret));
}

export async function listSessions(control: Control, userId: string | null, currentId: string): Promise<SessionInfo[]> {
  const rows = await listRows(control.database.db, userId, SESSION_IDLE_MS);
  return rows.map((row) => ({
    id: row.id,
    current: row.id === currentId,
    createdAt: row.createdAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    userAgent: row.userAgent,
    address: row.address,
  }));
}

export async function endSession(control: Control, caller: Caller, id: string): Promise<void> {
  const ended = caller.kind === 'session' && (await deleteSessionById(control.database.db, caller.userId, id));
  if (!ended) throw notFound('session');
}

export async function endOtherSessions(control: Control, userId: string | null, keepId: string): Promise<void> {
  await deleteSessions(control.database.db, userId, keepId);
}
