/** What somebody may do with their own account. */
import { findApiKey } from '../../db/queries/write-api-key.ts';
import { deleteSessions } from '../../db/queries/write-session.ts';
import { deleteSignInLinks } from '../../db/queries/write-sign-in-link.ts';
import { findUser, updateUser } from '../../db/queries/write-user.ts';
import type { UserRow } from '../../db/schema.ts';
import type { Control } from './control.ts';
import type { Caller } from './http/authorise.ts';
import { limitGuessesOf } from './limit-guesses.ts';
import { hashPassword, isPassword } from './password-hash.ts';
import { ProblemError } from './problem-error.ts';
import { scopesOf } from './scopes.ts';
import { type browserOf, openSession, owner } from './sessions.ts';
import type { Account } from './users-api.ts';

const TRIES = 10;

export async function getAccount(control: Control, caller: Caller): Promise<Account> {
  if (caller.kind === 'api-key') {
    const key = caller.keyId === null ? undefined : await findApiKey(control.database.db, caller.keyId);
    const { scopes } = caller;
    return { kind: 'api-key', id: null, name: key?.name ?? 'ADMIN_API_KEY', email: null, role: null, scopes };
  }
  if (caller.kind === 'session' && caller.userId === null)
    return { kind: 'session', ...owner, scopes: scopesOf(owner.role) };
  const { id, name, email, role } = await personOf(control, caller);
  return { kind: 'session', id, name, email, role, scopes: scopesOf(role) };
}

export async function renameAccount(control: Control, caller: Caller, name: string): Promise<Account> {
  const person = await personOf(control, caller);
  await updateUser(control.database.db, person.id, { name });
  return getAccount(control, caller);
}

/** Ends every session of the person; the secret of the one that takes the place of the one that asks. */
export async function changePassword(
  control: Control,
  caller: Caller,
  passwords: { currentPassword: string; newPassword: string },
  browser: ReturnType<typeof browserOf>,
): Promise<string> {
  const person = await personOf(control, caller);
  const limits = [{ of: `password-change:${person.id}`, most: TRIES }];
  const isRight = () => isPassword(passwords.currentPassword, person.passwordHash);
  if (!(await limitGuessesOf(control, limits, isRight))) {
    throw new ProblemError('bad-request', 'The current password is wrong.', {
      fields: [{ path: 'currentPassword', message: 'is wrong' }],
    });
  }
  const passwordHash = await hashPassword(passwords.newPassword);
  return control.database.db.transaction(async (db) => {
    await updateUser(db, person.id, { passwordHash });
    await deleteSessions(db, person.id);
    await deleteSignInLinks(db, person.id);
    control.log.info({ userId: person.id }, 'user.password-changed');
    return openSession(db, person.id, browser);
  });
}

async function personOf(control: Control, caller: Caller): Promise<UserRow> {
  const person =
    caller.kind === 'session' && caller.userId !== null
      ? await findUser(control.database.db, caller.userId)
      : undefined;
  if (person) return person;
  throw new ProblemError('conflict', 'This is for who signed in with an e-mail address and a password.');
}
