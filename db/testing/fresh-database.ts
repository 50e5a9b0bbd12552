/**
 * A migrated database of one's own for each test file: copied from a template that is made once per server and set of
 * migrations.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { type DatabaseClient, openDatabase } from '../client.ts';
import { migrate, readMigrations } from '../migrate.ts';

export interface FreshDatabase extends DatabaseClient {
  /** Closes the pool and removes the database. */
  drop(): Promise<void>;
}

/** `serverUrl`: any database of a server where databases may be created. */
export async function freshDatabase(serverUrl: string): Promise<FreshDatabase> {
  const template = `template_${await migrationsHash()}`;
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = await connect(serverUrl);
  try {
    // Copying a template needs it unused: one at a time.
    await admin.query('select pg_advisory_lock(hashtext($1))', [template]);
    const { rows } = await admin.query('select 1 from pg_database where datname = $1 and datistemplate', [template]);
    if (rows.length === 0) {
      await admin.query(`drop database if exists ${template}`);
      await admin.query(`create database ${template}`);
      await migrate(withDatabase(serverUrl, template));
      await admin.query(`alter database ${template} with is_template true`);
    }
    await admin.query(`create database ${name} template ${template}`);
  } finally {
    await admin.end();
  }
  const url = withDatabase(serverUrl, name);
  const client = openDatabase(url, { maxConnections: 8 });
  return {
    ...client,
    async drop() {
      await client.close();
      const remover = await connect(serverUrl);
      try {
        await dropUnused(remover, name);
      } finally {
        await remover.end();
      }
    },
  };
}

async function connect(serverUrl: string): Promise<Client> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  return client;
}

/** No `force`: a pool that a test leaked fails that test's file. Connections that just closed take a moment to be gone. */
async function dropUnused(admin: Client, name: string): Promise<void> {
  for (let turn = 1; ; turn++) {
    try {
      await admin.query(`drop database ${name}`);
      return;
    } catch (error) {
      const inUse = error instanceof DatabaseError && error.code === '55006';
      if (!inUse || turn === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const migration of await readMigrations()) hash.update(migration.sha256);
  return hash.digest('hex').slice(0, 16);
}
