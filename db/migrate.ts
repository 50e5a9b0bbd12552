/**
 * Brings a database to the newest schema: runs the numbered files of `db/migrations` that it has not seen, in order,
 * each in its own transaction. Safe to run at every start and by several processes at once (an advisory lock makes
 * the others wait). A file is never changed once it has run somewhere: that is refused by its hash.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

/** Any number will do, as long as nothing else locks it. */
const MIGRATION_LOCK = 7_306_120_001;

export interface Migration {
  number: number;
  name: string;
  sql: string;
  sha256: string;
}

/** Runs what is missing and returns the names of what it ran. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const migrations = await readMigrations();
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`
      create table if not exists schema_migrations (
        number integer primary key,
        name text not null,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`);
    const { rows } = await client.query<{ number: number; sha256: string }>(
      'select number, sha256 from schema_migrations',
    );
    const applied = new Map(rows.map((row) => [row.number, row.sha256]));
    const newest = migrations.at(-1)?.number ?? 0;
    for (const number of applied.keys()) {
      if (number > newest) {
        throw new Error(
          `The database has migration ${number}, this version knows ${newest} at most. Start the newer version again, or restore a backup made before it.`,
        );
      }
    }
    const ran: string[] = [];
    for (const migration of migrations) {
      const hash = applied.get(migration.number);
      if (hash === migration.sha256) continue;
      if (hash !== undefined) {
        throw new Error(
          `Migration ${migration.name} was changed after it ran on this database. Put the old text back and add a new file instead.`,
        );
      }
      await run(client, migration);
      ran.push(migration.name);
    }
    return ran;
  } finally {
    // The lock ends with its connection.
    await client.end();
  }
}

async function run(client: Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (number, name, sha256) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.sha256,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** The migration files in order of their numbers, which may have holes: what is written at the same time is merged later. */
export async function readMigrations(): Promise<Migration[]> {
  const folder = migrationsFolder();
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
      if (!(number > 0) || names[index - 1]?.startsWith(name.slice(0, 5))) {
        throw new Error(`${join(folder, name)} should have a number of its own, like 0001_recordings.sql`);
      }
      const sql = await readFile(join(folder, name), 'utf8');
      return { number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The .sql files are not compiled: they are found from the package's root, wherever this file runs from. */
function migrationsFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'db', 'migrations');
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) {
      throw new Error(`No db/migrations above ${fileURLToPath(import.meta.url)}: start from a complete checkout.`);
    }
  }
}
