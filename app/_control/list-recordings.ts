import { z } from 'zod';
import { listRecordings as listRows, positionOf, type RecordingPosition } from '../../db/queries/list-recordings.ts';
import { listUnfinishedRecordings } from '../../db/queries/list-unfinished-recordings.ts';
import type { RecordingSort } from '../../db/queries/recording-sorts.ts';
import { idSchema, type Recording } from './api.ts';
import type { Control } from './control.ts';
import { presentRecordings } from './present-recording.ts';
import { ProblemError } from './problem-error.ts';
import type { listRecordingsQuerySchema } from './recordings-api.ts';

export type RecordingsQuery = Partial<z.output<typeof listRecordingsQuerySchema>>;
export interface RecordingsPage {
  items: Recording[];
  nextCursor: string | null;
}

/** In pages that stay right when recordings are added or removed meanwhile. */
export async function listRecordings(control: Control, query: RecordingsQuery): Promise<RecordingsPage> {
  const { limit = 50, sort = 'newest', cursor, q, from, to, ...filter } = query;
  const rows = await listRows(control.database.db, {
    ...filter,
    sort,
    text: q,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    after: cursor === undefined ? undefined : readCursor(cursor, sort),
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: await presentRecordings(control.database.db, page),
    nextCursor: last ? writeCursor(sort, positionOf(last, sort)) : null,
  };
}

/** Everything that is not over: waiting, recording, being finished. */
export async function listActiveRecordings(control: Control): Promise<RecordingsPage> {
  const rows = await listUnfinishedRecordings(control.database.db);
  return { items: await presentRecordings(control.database.db, rows), nextCursor: null };
}

const time = z.int().min(0).max(8_640_000_000_000_000);
const count = z.int().min(0);
/** Of each order: what the last row was sorted by. */
const cursorSchema = z.discriminatedUnion('sort', [
  z.strictObject({ sort: z.literal(['newest', 'oldest']), time, id: idSchema }),
  z.strictObject({ sort: z.literal(['longest', 'largest']), key: count, time, id: idSchema }),
  z.strictObject({ sort: z.literal('room'), key: z.string().max(200), time, id: idSchema }),
]);

export function writeCursor(sort: RecordingSort, { requestedAt, ...position }: RecordingPosition): string {
  return Buffer.from(JSON.stringify({ sort, ...position, time: requestedAt.getTime() })).toString('base64url');
}

function readCursor(cursor: string, sort: RecordingSort): RecordingPosition {
  try {
    const {
      sort: given,
      time,
      ...position
    } = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (given === sort) return { ...position, requestedAt: new Date(time) };
  } catch {
    // As good as the cursor of another order.
  }
  throw new ProblemError('bad-request', 'The cursor is not one that this list gave out. Begin without one.');
}
