/**
 * The history of a database: every change of a recording and of an attempt, as the database itself made it, written down by
 * triggers that the suite adds. Polling would miss what the invariants are about.
 */
import type { DatabaseClient } from '../../db/client.ts';

export interface Change<Row> {
  /** In the order in which rows were written. */
  id: number;
  atMs: number;
  /** Changes of one transaction are seen together. */
  transaction: string;
  operation: 'INSERT' | 'UPDATE' | 'DELETE';
  row: Row;
}

export interface RecordingState {
  id: string;
  room: string;
  identity: string;
  status: string;
  epoch: number;
  error: { reason: string; message: string } | null;
  command: string;
  stop_reason: string | null;
}

export interface AttemptState {
  id: string;
  recording_id: string;
  kind: string;
  epoch: number;
  state: string;
  outcome: { kind: string; reason?: string } | null;
}

export async function installChangeLog({ sql }: DatabaseClient): Promise<void> {
  await sql`create schema fault_suite`;
  await sql`
    create table fault_suite.changes (
      id bigserial primary key,
      at timestamptz not null default clock_timestamp(),
      transaction text not null default pg_current_xact_id()::text,
      table_name text not null,
      operation text not null,
      row jsonb not null
    )`;
  await sql`
    create function fault_suite.note() returns trigger language plpgsql as $$
    declare whole jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
    begin
      insert into fault_suite.changes (table_name, operation, row)
      values (tg_table_name, tg_op, whole - array['tracks', 'gaps', 'stats', 'wanted_tracks']);
      return null;
    end $$`;
  await sql`
    create trigger fault_suite_recordings after insert or update or delete on recordings
    for each row execute function fault_suite.note()`;
  await sql`
    create trigger fault_suite_attempts after insert or update or delete on attempts
    for each row execute function fault_suite.note()`;
}

export async function readChanges<Row>(
  { sql }: DatabaseClient,
  table: 'recordings' | 'attempts',
): Promise<Change<Row>[]> {
  const rows = await sql<{ id: string; at: Date; transaction: string; operation: string; row: Row }>`
    select id, at, transaction, operation, row from fault_suite.changes where table_name = ${table} order by id`;
  return rows.map(({ id, at, transaction, operation, row }) => ({
    id: Number(id),
    atMs: at.getTime(),
    transaction,
    operation: operation as Change<Row>['operation'],
    row,
  }));
}
