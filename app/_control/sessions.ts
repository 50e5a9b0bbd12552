import { consumeSignInLink, deleteSession, hasSession, insertSession } from '../../db/queries/write-session.ts';
import { createSecretToken, hashSecretToken } from '../../db/secret-token.ts';
import type { Control } from './control.ts';
import { ProblemError } from './problem-error.ts';
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

export function isSignedIn(control: Control, session: string | undefined): Promise<boolean> {
  return session ? hasSession(control.database.db, hashSecretToken(session)) : Promise.resolve(false);
}

export async function signOut(control: Control, session: string): Promise<void> {
  await deleteSession(control.database.db, hashSecretToken(session));
}
