import { consumeSignInLink, deleteSession, hasSession, insertSession } from '../../db/queries/write-session.ts';
import { createSecretToken, hashSecretToken } from '../../db/secret-token.ts';
import type { Control } from './control.ts';
import { ProblemError } from './problem-error.ts';
import type { Role } from './roles.ts';
import { SESSION_MS } from './timing.ts';

/** The secret of a new session, for the token of a one-time link. */
export async function signIn(control: Control, linkToken: string): Promise<string> {
  if (!(await consumeSignInLink(control.database.db, hashSecretToken(linkToken)))) {
    throw new ProblemError(
      'unauthorised',
      'This sign-in link was used before or has expired. The terminal that runs the product shows a new one at every start.',
    );
  }
  const session = createSecretToken();
  await insertSession(control.database.db, { tokenHash: hashSecretToken(session), validMs: SESSION_MS });
  return session;
}

/** Who is signed in. */
export interface CurrentUser {
  /** Null for whoever came by the link of the terminal: the owner of the machine. */
  id: string | null;
  name: string;
  email: string | null;
  role: Role;
}

export interface Session {
  user: CurrentUser;
}

export async function findSession(control: Control, session: string | undefined): Promise<Session | undefined> {
  if (!session || !(await hasSession(control.database.db, hashSecretToken(session)))) return undefined;
  return { user: { id: null, name: 'Owner', email: null, role: 'admin' } };
}

export async function signOut(control: Control, session: string): Promise<void> {
  await deleteSession(control.database.db, hashSecretToken(session));
}
