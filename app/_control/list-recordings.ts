import { z } from 'zod';
import { listRecordings as listRows } from '../../db/queries/list-recordings.ts';
import { listUnfinishedRecordings } from '../../db/queries/list-unfinished-recordings.ts';
import { idSchema, type listRecordingsQuerySchema, type Recording } from './api.ts';
import type { Control } from './control.ts';
import { presentRecordings } from './present-recording.ts';
import { ProblemError } from './problem-error.ts';

export type RecordingsQuery = Partial<z.output<typeof listRecordingsQuerySchema>>;
export interface RecordingsPage {
  items: Recording[];
  nextCursor: string | null;
}

/** Newest first, in pages. A page stays right when recordings are added or removed meanwhile. */
export async function listRecordings(control: Control, query: RecordingsQuery): Promise<RecordingsPage> {
  const limit = query.limit ?? 50;
  const rows = await listRows(control.database.db, {
    status: query.status,
    room: query.room,
    identity: query.identity,
    text: query.q,
    after: query.cursor === undefined ? undefined : readCursor(query.cursor),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: await presentRecordings(control.database.db, page),
    nextCursor: last ? writeCursor(last) : null,
  };
}

/** Everything that is not over: waiting, recording, being finished. */
export async function listActiveRecordings(control: Control): Promise<RecordingsPage> {
  const rows = await listUnfinishedRecordings(control.database.db);
  return { items: await presentRecordings(control.database.db, rows), nextCursor: null };
}

const cursorSchema = z.tuple([z.int().min(0).max(8_640_000_000_000_000), idSchema]);

function writeCursor(row: { requestedAt: Date; id: string }): string {
  return Buffer.from(JSON.stringify([row.requestedAt.getTime(), row.id])).toString('base64url');
}

function readCursor(cursor: string): { requestedAt: Date; id: string } {
  try {
    const [time, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { requestedAt: new Date(time), id };
  } catch {
    throw new ProblemError('bad-request', 'The cursor is not one that this list gave out. Begin without one.');
  }
}
