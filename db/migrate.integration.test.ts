import { randomBytes } from 'node:crypto';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DatabaseClient, openDatabase } from './client.ts';
import { migrate, readMigrations } from './migrate.ts';
import * as schema from './schema.ts';

const tables = Object.values(schema).flatMap((value: unknown) => (is(value, PgTable) ? [value] : []));
const name = `test_${randomBytes(8).toString('hex')}`;
let url: string;
let admin: Client;
let database: DatabaseClient;

beforeAll(async () => {
  admin = new Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const address = new URL(inject('postgresUrl'));
  address.pathname = `/${name}`;
  url = address.href;
  database = openDatabase(url, { maxConnections: 1 });
});

afterAll(async () => {
  await database.close();
  await admin.query(`drop database ${name}`);
  await admin.end();
});

test('four processes that start at once run each migration once, and a later start runs none', async () => {
  const names = (await readMigrations()).map((migration) => migration.name);
  const ran = await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)]);
  expect(ran.flat()).toEqual(names);
  expect(await migrate(url)).toEqual([]);
});

test('the migrated tables have exactly the columns that the schema names', async () => {
  const rows = await database.sql<{ table: string; column: string; nullable: string }>`
    select table_name as table, column_name as column, is_nullable as nullable
    from information_schema.columns where table_schema = 'public' and table_name <> 'schema_migrations'`;
  const inDatabase = rows.map((row) => `${row.table}.${row.column}${row.nullable === 'YES' ? '?' : ''}`).sort();
  const inSchema = tables
    .map((table) => getTableConfig(table))
    .flatMap((table) =>
      table.columns.map((column) => `${table.name}.${column.name}${column.notNull || column.primary ? '' : '?'}`),
    )
    .sort();
  expect(inDatabase).toEqual(inSchema);
});

test('the migrated indexes are those that the schema names', async () => {
  const rows = await database.sql<{ indexname: string }>`
    select indexname from pg_indexes where schemaname = 'public' and indexname not like '%_pkey'`;
  const named = tables.flatMap((table) => getTableConfig(table).indexes.map((index) => index.config.name));
  expect(rows.map((row) => row.indexname).sort()).toEqual(named.sort());
});

test('refuses a database that a newer version has migrated', async () => {
  await database.sql`insert into schema_migrations (number, name, sha256) values (9999, '9999_future.sql', '')`;
  await expect(migrate(url)).rejects.toThrow(/has migration 9999.*Start the newer version/);
  await database.sql`delete from schema_migrations where number = 9999`;
});

test('refuses a migration whose text was changed after it ran', async () => {
  await database.sql`update schema_migrations set sha256 = 'other' where number = 1`;
  await expect(migrate(url)).rejects.toThrow(/0001_recordings.sql was changed after it ran/);
});
