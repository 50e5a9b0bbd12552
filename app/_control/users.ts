/**
 * People who sign in. There is no default password and no e-mail: an admin makes a person and gets a link, shown once,
 * by which that person chooses a password. Whoever owns the machine always gets in by the link of the terminal.
 */
import type { z } from 'zod';
import type { Queryable } from '../../db/client.ts';
import { deleteSession, deleteSessions } from '../../db/queries/write-session.ts';
import { deleteSignInLinks, insertSignInLink } from '../../db/queries/write-sign-in-link.ts';
import {
  countAdmins,
  countUsers,
  deleteUser as deleteRow,
  findUser,
  findUserByEmail,
  insertUser,
  listUsersPage as listPage,
  listUsers as listRows,
  lockUsers,
  updateUser as updateRow,
} from '../../db/queries/write-user.ts';
import type { UserRow } from '../../db/schema.ts';
import { createSecretToken, hashSecretToken } from '../../db/secret-token.ts';
import type { PageQuery } from './api.ts';
import type { Control } from './control.ts';
import { createdPage, type Page } from './created-page.ts';
import { hashPassword } from './password-hash.ts';
import { notFound, ProblemError } from './problem-error.ts';
import { type browserOf, openSession } from './sessions.ts';
import { INVITATION_MS } from './timing.ts';
import type {
  createUserRequestSchema,
  Invitation,
  setUpRequestSchema,
  User,
  updateUserRequestSchema,
} from './users-api.ts';

const MAX_USERS = 1_000;

/** All of them. */
export async function listUsers(control: Control): Promise<User[]> {
  return (await listRows(control.database.db, MAX_USERS)).map(presentUser);
}

export function listUsersPage(control: Control, query: PageQuery): Promise<Page<User>> {
  return createdPage(query, (page) => listPage(control.database.db, page), presentUser);
}

export async function getUser(control: Control, id: string): Promise<User> {
  return presentUser(found(await findUser(control.database.db, id)));
}

/** Whether somebody has to be made an admin before anyone can sign in without the terminal. */
export async function needsSetUp(db: Queryable): Promise<boolean> {
  return (await countAdmins(db)) === 0;
}

/** The first admin, for whoever came by the link of the terminal; the secret of a session that takes the link's place. */
export async function setUp(
  control: Control,
  request: z.output<typeof setUpRequestSchema>,
  current: { secret: string; browser: ReturnType<typeof browserOf> },
): Promise<string> {
  const { password, ...person } = request;
  const passwordHash = await hashPassword(password);
  return control.database.db.transaction(async (db) => {
    await lockUsers(db);
    if (!(await needsSetUp(db))) {
      throw new ProblemError('conflict', 'There is an admin already. Sign in as one, and add others in the settings.');
    }
    const user = await insertUser(db, { ...person, role: 'admin', passwordHash, signedInAt: new Date() });
    if (!user) throw emailTaken();
    await deleteSession(db, hashSecretToken(current.secret));
    control.log.info({ userId: user.id }, 'user.set-up');
    return openSession(db, user.id, current.browser);
  });
}

export async function inviteUser(
  control: Control,
  request: z.output<typeof createUserRequestSchema>,
): Promise<Invitation> {
  return control.database.db.transaction(async (db) => {
    await lockUsers(db);
    if ((await countUsers(db)) >= MAX_USERS) {
      throw new ProblemError('conflict', `There are ${MAX_USERS} users already. Remove one first.`);
    }
    const user = await insertUser(db, request);
    if (!user) throw emailTaken();
    control.log.info({ userId: user.id, role: user.role }, 'user.invited');
    return createLink(control, db, user);
  });
}

/** A new link for who lost the password or the invitation; links before it work no more. */
export async function renewInvitation(control: Control, id: string): Promise<Invitation> {
  return control.database.db.transaction(async (db) => {
    await lockUsers(db);
    const user = found(await findUser(db, id));
    if (user.disabledAt) throw new ProblemError('conflict', 'This user is disabled. Enable the account first.');
    control.log.info({ userId: user.id }, 'user.link-created');
    return createLink(control, db, user);
  });
}

/** Another role, or being disabled, ends the person's sessions. */
export async function updateUser(
  control: Control,
  id: string,
  { name, email, role, disabled }: z.output<typeof updateUserRequestSchema>,
): Promise<User> {
  return keepingAnAdmin(control, async (db) => {
    const before = found(await findUser(db, id));
    const wasDisabled = before.disabledAt !== null;
    if (email !== undefined) await assertFree(db, email, id);
    const change = {
      name: name ?? before.name,
      email: email ?? before.email,
      role: role ?? before.role,
      disabledAt: (disabled ?? wasDisabled) ? (before.disabledAt ?? new Date()) : null,
    };
    const user = found(await updateRow(db, id, change));
    if (user.role !== before.role || user.disabledAt) await deleteSessions(db, id);
    if (user.disabledAt) await deleteSignInLinks(db, id);
    const emailChanged = user.email !== before.email;
    const disabledNow = user.disabledAt !== null;
    control.log.info({ userId: id, role: user.role, disabled: disabledNow, emailChanged }, 'user.changed');
    return presentUser(user);
  });
}

export async function deleteUser(control: Control, id: string): Promise<void> {
  await keepingAnAdmin(control, async (db) => {
    found(await findUser(db, id));
    await deleteRow(db, id);
    control.log.info({ userId: id }, 'user.deleted');
  });
}

/** Two who demote each other at the same time are one after the other. */
function keepingAnAdmin<Result>(control: Control, change: (db: Queryable) => Promise<Result>): Promise<Result> {
  return control.database.db.transaction(async (db) => {
    await lockUsers(db);
    const before = await countAdmins(db);
    const result = await change(db);
    if (before > 0 && (await countAdmins(db)) === 0) {
      throw new ProblemError('conflict', 'This is the last admin who can sign in. Make somebody else an admin first.');
    }
    return result;
  });
}

/** Of an address that is to be somebody's from now on; `db` has locked the users. */
export async function assertFree(db: Queryable, email: string, userId: string): Promise<void> {
  const other = await findUserByEmail(db, email);
  if (other && other.id !== userId) throw emailTaken();
}

async function createLink(control: Control, db: Queryable, user: UserRow): Promise<Invitation> {
  const token = createSecretToken();
  await deleteSignInLinks(db, user.id);
  const { expiresAt } = await insertSignInLink(db, {
    tokenHash: hashSecretToken(token),
    userId: user.id,
    validMs: INVITATION_MS,
  });
  return {
    user: presentUser(user),
    url: `${control.environment.publicUrl}/sign-in?token=${token}`,
    expiresAt: expiresAt.toISOString(),
  };
}

function found(row: UserRow | undefined): UserRow {
  if (!row) throw notFound('user');
  return row;
}

function emailTaken(): ProblemError {
  return new ProblemError('conflict', 'Somebody has this e-mail address already.', {
    fields: [{ path: 'email', message: 'is taken' }],
  });
}

export function presentUser(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    status: row.disabledAt ? 'disabled' : row.passwordHash === null ? 'invited' : 'active',
    createdAt: row.createdAt.toISOString(),
    signedInAt: row.signedInAt?.toISOString() ?? null,
  };
}
