/** What somebody may do with their own account. */
import type { z } from 'zod';
import { findApiKey } from '../../db/queries/write-api-key.ts';
import { deleteSessions } from '../../db/queries/write-session.ts';
import { deleteSignInLinks } from '../../db/queries/write-sign-in-link.ts';
import { findUser, lockUsers, updateUser } from '../../db/queries/write-user.ts';
import type { UserRow } from '../../db/schema.ts';
import type { Control } from './control.ts';
import type { Caller } from './http/authorise.ts';
import { limitGuessesOf } from './limit-guesses.ts';
import { hashPassword, isPassword } from './password-hash.ts';
import { ProblemError } from './problem-error.ts';
import { scopesOf } from './scopes.ts';
import { type browserOf, openSession, owner } from './sessions.ts';
import { assertFree } from './users.ts';
import type { Account, updateAccountRequestSchema } from './users-api.ts';

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

/** Sessions stay: who is signed in is the same person as before. */
export async function updateAccount(
  control: Control,
  caller: Caller,
  { name, email, currentPassword = '' }: z.output<typeof updateAccountRequestSchema>,
): Promise<Account> {
  const person = await personOf(control, caller);
  if (email !== undefined) await checkPassword(control, person, currentPassword);
  await control.database.db.transaction(async (db) => {
    await lockUsers(db);
    if (email !== undefined) await assertFree(db, email, person.id);
    await updateUser(db, person.id, { name: name ?? person.name, email: email ?? person.email });
  });
  if (email !== undefined && email !== person.email) control.log.info({ userId: person.id }, 'user.email-changed');
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
  await checkPassword(control, person, passwords.currentPassword);
  const passwordHash = await hashPassword(passwords.newPassword);
  return control.database.db.transaction(async (db) => {
    await updateUser(db, person.id, { passwordHash });
    await deleteSessions(db, person.id);
    await deleteSignInLinks(db, person.id);
    control.log.info({ userId: person.id }, 'user.password-changed');
    return openSession(db, person.id, browser);
  });
}

/** Once more, by who is signed in: the browser may be somebody else's by now. */
async function checkPassword(control: Control, person: UserRow, password: string): Promise<void> {
  const limits = [{ of: `password-change:${person.id}`, most: TRIES }];
  if (await limitGuessesOf(control, limits, () => isPassword(password, person.passwordHash))) return;
  throw new ProblemError('bad-request', 'The current password is wrong.', {
    fields: [{ path: 'currentPassword', message: 'is wrong' }],
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
