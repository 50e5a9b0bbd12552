import { and, eq, gte, ilike, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../client.ts';
import type { RecordingState } from '../recording-states.ts';
import { escapeAnyText, type RecordingRow, recordings } from '../schema.ts';
import type { RecordingSort } from './recording-sorts.ts';

/** Where a row stands in a list: what it is sorted by, and what makes the order total. */
export interface RecordingPosition {
  /** Of `longest` and `largest` the number, of `room` how its name begins; the others need none. */
  key?: number | string;
  requestedAt: Date;
  id: string;
}

export interface RecordingFilter {
  status?: readonly RecordingState[];
  room?: string;
  identity?: string;
  origin?: RecordingRow['origin'];
  ruleId?: string;
  /** Requested at this time or later, and before that one. */
  from?: Date;
  to?: Date;
  /** Part of room or identity, without regard to case; one or two characters: how a name, or a word in it, begins. */
  text?: string;
  sort?: RecordingSort;
  /** Only those after this one, in the list's order. */
  after?: RecordingPosition;
  limit: number;
}

/** Names can be longer than what an index takes. */
const ROOM_CHARACTERS = 100;

/** `migrations/0008_list.sql` has an index in each order. Paging compares with the last row, so page 1000 costs what page 1 does. */
export async function listRecordings(db: Queryable, filter: RecordingFilter): Promise<RecordingRow[]> {
  const { sort = 'newest', after, limit } = filter;
  const list = (beyond: SQL | undefined, count: number) =>
    db
      .select()
      .from(recordings)
      .where(and(...conditionsOf(filter), beyond))
      .orderBy(orders[sort])
      .limit(count);
  if (!after) return list(undefined, limit);
  if (sort !== 'room') return list(beyondPosition(sort, after), limit);
  // Names go up and times go down, which no one comparison says: the rest of this room, then the rooms after it.
  const rest = await list(and(sql`${roomName} = lower(${after.key})`, sql`${place} < ${placeOf(after)}`), limit);
  if (rest.length === limit) return rest;
  return [...rest, ...(await list(sql`${roomName} > lower(${after.key})`, limit - rest.length))];
}

export function positionOf(row: RecordingRow, sort: RecordingSort): RecordingPosition {
  const { id, requestedAt } = row;
  if (sort === 'longest') return { key: row.durationMs, requestedAt, id };
  if (sort === 'largest') return { key: row.sizeBytes, requestedAt, id };
  if (sort === 'room') return { key: [...escapeAnyText(row.room)].slice(0, ROOM_CHARACTERS).join(''), requestedAt, id };
  return { requestedAt, id };
}

/** What `room` compares, as the index has it. */
const roomName = sql`lower(left(${recordings.room}, ${sql.raw(String(ROOM_CHARACTERS))}))`;

const place = sql`(${recordings.requestedAt}, ${recordings.id})`;

const orders: Record<RecordingSort, SQL> = {
  newest: sql`${recordings.requestedAt} desc, ${recordings.id} desc`,
  oldest: sql`${recordings.requestedAt}, ${recordings.id}`,
  longest: sql`${recordings.durationMs} desc, ${recordings.requestedAt} desc, ${recordings.id} desc`,
  largest: sql`${recordings.sizeBytes} desc, ${recordings.requestedAt} desc, ${recordings.id} desc`,
  room: sql`${roomName}, ${recordings.requestedAt} desc, ${recordings.id} desc`,
};

function placeOf({ requestedAt, id }: RecordingPosition): SQL {
  return sql`(${requestedAt.toISOString()}::timestamptz, ${id}::uuid)`;
}

function beyondPosition(sort: Exclude<RecordingSort, 'room'>, after: RecordingPosition): SQL {
  if (sort === 'newest') return sql`${place} < ${placeOf(after)}`;
  if (sort === 'oldest') return sql`${place} > ${placeOf(after)}`;
  const key = sort === 'longest' ? recordings.durationMs : recordings.sizeBytes;
  const { requestedAt, id } = after;
  return sql`(${key}, ${recordings.requestedAt}, ${recordings.id})
    < (${after.key}::bigint, ${requestedAt.toISOString()}::timestamptz, ${id}::uuid)`;
}

function conditionsOf({
  status,
  room,
  identity,
  origin,
  ruleId,
  from,
  to,
  text,
}: RecordingFilter): (SQL | undefined)[] {
  return [
    isNull(recordings.deletedAt),
    status && inArray(recordings.status, [...status]),
    room === undefined ? undefined : eq(recordings.room, room),
    identity === undefined ? undefined : eq(recordings.identity, identity),
    origin && eq(recordings.origin, origin),
    ruleId === undefined ? undefined : eq(recordings.ruleId, ruleId),
    from && gte(recordings.requestedAt, from),
    to && lt(recordings.requestedAt, to),
    text ? containsText(text) : undefined,
  ];
}

/** The index finds three characters and more; of fewer it finds how a name, or a word in it, begins. */
function containsText(text: string): SQL | undefined {
  const literal = escapeAnyText(text).replace(/[\\%_]/g, '\\$&');
  const patterns = [...text].length > 2 ? [`%${literal}%`] : [`${literal}%`, `% ${literal}%`];
  return or(
    ...patterns.flatMap((pattern) => [
      ilike(sql`${recordings.room}`, pattern),
      ilike(sql`${recordings.identity}`, pattern),
    ]),
  );
}
