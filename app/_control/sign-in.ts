/** The ways in: the link of the terminal, an invitation, a password. */
import { deleteSession, deleteSessions } from '../../db/queries/write-session.ts';
import { consumeSignInLink, deleteSignInLinks, findSignInLink } from '../../db/queries/write-sign-in-link.ts';
import { findUserByEmail, updateUser } from '../../db/queries/write-user.ts';
import type { UserRow } from '../../db/schema.ts';
import { hashSecretToken } from '../../db/secret-token.ts';
import type { Control } from './control.ts';
import { createDeviceNote, knownDevice } from './known-device.ts';
import { type GuessLimit, limitGuessesOf } from './limit-guesses.ts';
import { hashPassword, isPassword } from './password-hash.ts';
import { ProblemError } from './problem-error.ts';
import { type browserOf, openSession } from './sessions.ts';
import { needsSetUp } from './users.ts';
import type { SignInAnswer } from './users-api.ts';

/** Of wrong tries, in a quarter of an hour. */
const TRIES_PER_ACCOUNT_AND_ADDRESS = 10;
const TRIES_PER_DEVICE = 20;
const TRIES_PER_ADDRESS = 50;
const TRIES_PER_ACCOUNT = 100;

/** Who asks: the browser, the session it has (which ends) and the note of an earlier visit. */
export interface Visitor {
  browser: ReturnType<typeof browserOf>;
  session: string | undefined;
  device: string | undefined;
}

export interface SignedIn {
  session: string;
  /** Set when a person is known now, and the browser shall be known again. */
  device?: string;
  next: SignInAnswer['next'];
}

/** Whose link it is, for the page: null for the link of the terminal, nothing when it works no more. */
export async function peekSignInLink(control: Control, token: string): Promise<UserRow | null | undefined> {
  const link = await findSignInLink(control.database.db, hashSecretToken(token));
  return link && !link.user?.disabledAt ? link.user : undefined;
}

/** @param password for an invitation: the one that is chosen */
export async function signInByLink(
  control: Control,
  { token, password }: { token: string; password?: string | undefined },
  visitor: Visitor,
): Promise<SignedIn> {
  const user = await peekSignInLink(control, token);
  if (user === undefined) throw linkIsOver();
  if (user !== null && password === undefined) {
    throw new ProblemError('bad-request', 'Choose a password to sign in with from now on.', {
      fields: [{ path: 'password', message: 'is missing' }],
    });
  }
  const passwordHash = user === null || password === undefined ? undefined : await hashPassword(password);
  return control.database.db.transaction(async (db) => {
    if (!(await consumeSignInLink(db, hashSecretToken(token)))) throw linkIsOver();
    if (visitor.session) await deleteSession(db, hashSecretToken(visitor.session));
    if (user === null) {
      const session = await openSession(db, null, visitor.browser);
      control.log.info('signed-in.by-terminal');
      return { session, next: (await needsSetUp(db)) ? '/set-up' : '/' };
    }
    await updateUser(db, user.id, { passwordHash, signedInAt: new Date() });
    await deleteSessions(db, user.id);
    await deleteSignInLinks(db, user.id);
    const session = await openSession(db, user.id, visitor.browser);
    control.log.info({ userId: user.id }, 'signed-in.by-link');
    return { session, device: createDeviceNote(control, user.id), next: '/' };
  });
}

/** An account that does not exist, has no password or is disabled is answered as a wrong password is, and as late. */
export async function signInByPassword(
  control: Control,
  { email, password }: { email: string; password: string },
  visitor: Visitor,
): Promise<SignedIn> {
  const { db } = control.database;
  const row = await findUserByEmail(db, email);
  const user = row?.disabledAt ? undefined : row;
  const device = user && knownDevice(control, user.id, visitor.device);
  const limits = device ? limitsOfDevice(device) : limitsOf(email, visitor.browser.address);
  if (!(await limitGuessesOf(control, limits, () => isPassword(password, user?.passwordHash ?? null))) || !user) {
    throw new ProblemError('unauthorised', 'E-mail address or password is wrong.');
  }
  return db.transaction(async (transaction) => {
    if (visitor.session) await deleteSession(transaction, hashSecretToken(visitor.session));
    await updateUser(transaction, user.id, { signedInAt: new Date() });
    const session = await openSession(transaction, user.id, visitor.browser);
    control.log.info({ userId: user.id }, 'signed-in.by-password');
    return { session, device: createDeviceNote(control, user.id), next: '/' };
  });
}

function limitsOf(email: string, address: string): GuessLimit[] {
  return [
    { of: `account:${email} from ${address}`, most: TRIES_PER_ACCOUNT_AND_ADDRESS },
    { of: `accounts from ${address}`, most: TRIES_PER_ADDRESS },
    { of: `account:${email}`, most: TRIES_PER_ACCOUNT },
  ];
}

function limitsOfDevice(device: string): GuessLimit[] {
  return [{ of: `device:${device}`, most: TRIES_PER_DEVICE }];
}

function linkIsOver(): ProblemError {
  return new ProblemError(
    'unauthorised',
    'This link was used before or has expired. An admin makes a new one; the terminal that runs the product shows one at every start.',
  );
}
