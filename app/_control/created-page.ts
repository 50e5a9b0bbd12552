/** A page of a list in the order of creation: what is asked for, and what is answered. */
import { z } from 'zod';
import type { CreatedPage, CreatedPlace, Placed } from '../../db/queries/created-place.ts';
import { idSchema, type PageQuery } from './api.ts';
import { ProblemError } from './problem-error.ts';

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export async function createdPage<Row extends { id: string }, Item>(
  { cursor, limit }: PageQuery,
  list: (page: CreatedPage) => Promise<Placed<Row>[]>,
  present: (row: Row) => Item,
): Promise<Page<Item>> {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const rows = await list({ after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(({ row }) => present(row)),
    nextCursor: last ? writeCursor({ createdMicros: last.createdMicros, id: last.row.id }) : null,
  };
}

const cursorSchema = z.tuple([z.int().min(0), idSchema]);

function writeCursor({ createdMicros, id }: CreatedPlace): string {
  return Buffer.from(JSON.stringify([createdMicros, id])).toString('base64url');
}

function readCursor(cursor: string): CreatedPlace {
  try {
    const [createdMicros, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { createdMicros, id };
  } catch {
    throw new ProblemError('bad-request', 'The cursor is not one that this list gave out. Begin without one.');
  }
}
