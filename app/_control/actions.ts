/**
 * Who did what. A route that changes something says what to note (http/handle.ts); it is kept for a year, and longer than what it
 * was done to. What rules and the reconciler do is told by the recordings themselves.
 */

import { insertActions, listActionsOn, listActions as listRows } from '../../db/queries/write-action.ts';
import { findApiKey } from '../../db/queries/write-api-key.ts';
import { findUser } from '../../db/queries/write-user.ts';
import type { ActionRow } from '../../db/schema.ts';
import { type Action, type ActionName, actionNames } from './actions-api.ts';
import type { PageQuery } from './api.ts';
import type { Control } from './control.ts';
import type { Page } from './created-page.ts';
import type { Caller } from './http/authorise.ts';
import { ProblemError } from './problem-error.ts';
import { owner } from './sessions.ts';

export interface Noted {
  action: ActionName;
  /** No secrets: a token or an address that is one is not a name. */
  subject?: { id: string; name?: string | null };
  recordingId?: string;
}

export async function noteActions(control: Control, caller: Caller, noted: readonly Noted[]): Promise<void> {
  if (caller.kind === 'anyone' || noted.length === 0) return;
  const actor = await actorOf(control, caller);
  await insertActions(
    control.database.db,
    noted.map(({ action, subject, recordingId }) => ({
      action,
      ...actor,
      subjectId: subject?.id ?? recordingId ?? null,
      subjectName: subject?.name ?? null,
      recordingId: recordingId ?? null,
    })),
  );
}

async function actorOf(
  { database: { db } }: Control,
  caller: Exclude<Caller, { kind: 'anyone' }>,
): Promise<Pick<ActionRow, 'actorKind' | 'actorId' | 'actorName'>> {
  if (caller.kind === 'session') {
    const user = caller.userId === null ? undefined : await findUser(db, caller.userId);
    if (!user) return { actorKind: 'owner', actorId: null, actorName: owner.name };
    return { actorKind: 'user', actorId: user.id, actorName: user.name };
  }
  const key = caller.keyId === null ? undefined : await findApiKey(db, caller.keyId);
  return { actorKind: 'api-key', actorId: key?.id ?? null, actorName: key?.name ?? 'ADMIN_API_KEY' };
}

/** Newest first. */
export async function listActions(control: Control, { cursor, limit }: PageQuery): Promise<Page<Action>> {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
    throw new ProblemError('bad-request', 'The cursor is not one that this list gave out. Begin without one.');
  }
  const beforeId = cursor === undefined ? undefined : Number(cursor);
  const rows = await listRows(control.database.db, { beforeId, limit: limit + 1 });
  const page = rows.slice(0, limit);
  return { items: page.flatMap(present), nextCursor: rows.length > limit ? String(page.at(-1)?.id) : null };
}

const MOST_OF_A_RECORDING = 200;

/** What was done to it, oldest first. */
export async function listActionsOfRecording(control: Control, recordingId: string): Promise<Action[]> {
  return (await listActionsOn(control.database.db, recordingId, MOST_OF_A_RECORDING)).flatMap(present);
}

function present(row: ActionRow): Action[] {
  const action = actionNames.find((name) => name === row.action);
  // Of a newer version.
  if (!action) return [];
  return [
    {
      at: row.at.toISOString(),
      action,
      actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
      subject: row.subjectId === null ? null : { id: row.subjectId, name: row.subjectName },
      recordingId: row.recordingId,
    },
  ];
}
