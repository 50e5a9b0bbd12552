/**
 * Lists in the order in which things were made, page by page: a page begins after the last row of the one before, wherever rows were
 * added or removed meanwhile. Postgres knows microseconds and a Date only milliseconds, so a place is kept as the former.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

export interface CreatedPlace {
  createdMicros: number;
  id: string;
}

/** A row, and what its place in the list is made of. */
export interface Placed<Row> {
  row: Row;
  createdMicros: number;
}

export interface CreatedPage {
  after?: CreatedPlace;
  limit: number;
}

type Columns = Record<'createdAt' | 'id', PgColumn>;

export function createdMicrosOf({ createdAt }: Pick<Columns, 'createdAt'>): SQL<number> {
  return sql`(extract(epoch from ${createdAt}) * 1000000)::bigint`.mapWith(Number) as SQL<number>;
}

/** For lists that begin with the oldest. */
export function isAfter(columns: Columns, place: CreatedPlace | undefined): SQL | undefined {
  return place && sql`(${columns.createdAt}, ${columns.id}) > ${rowOf(place)}`;
}

/** For lists that begin with the newest. */
export function isBefore(columns: Columns, place: CreatedPlace | undefined): SQL | undefined {
  return place && sql`(${columns.createdAt}, ${columns.id}) < ${rowOf(place)}`;
}

function rowOf({ createdMicros, id }: CreatedPlace): SQL {
  return sql`('epoch'::timestamptz + ${createdMicros}::bigint * interval '1 microsecond', ${id}::uuid)`;
}
