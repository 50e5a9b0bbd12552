import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Postgres, startPostgres } from './start-postgres.ts';

let folder: string;
let running: Postgres | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'participant-recorder-postgres-'));
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function query(statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: running?.url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test('keeps what was written over a stop and a start', async () => {
  running = await startPostgres({ folder });
  await query('create table kept as select 1 as value');
  await running.stop();
  running = await startPostgres({ folder });
  expect(await query('select value from kept')).toEqual([{ value: 1 }]);
});

test('keeps what was committed when the server is killed with -9', async () => {
  running = await startPostgres({ folder });
  await query('create table kept as select 1 as value');
  process.kill(running.pid, 'SIGKILL');
  expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
  running = await startPostgres({ folder });
  expect(await query('select value from kept')).toEqual([{ value: 1 }]);
});

test('starts although postmaster.pid names a process that is another program by now', async () => {
  running = await startPostgres({ folder });
  const pidFile = join(folder, 'data', 'postmaster.pid');
  const content = await readFile(pidFile, 'utf8');
  await running.stop();
  await writeFile(pidFile, content.replace(/^\d+/, String(process.pid)));
  running = await startPostgres({ folder });
  expect(await query('select 1 as value')).toEqual([{ value: 1 }]);
});

test('takes over from a server that a killed start left running', async () => {
  const forgotten = await startPostgres({ folder });
  running = forgotten;
  await query('create table kept as select 1 as value');
  running = await startPostgres({ folder });
  await forgotten.ended;
  expect(await query('select value from kept')).toEqual([{ value: 1 }]);
});

test('makes its data folder again when the first start was interrupted', async () => {
  await writeFile(join(folder, 'password'), 'from the interrupted start\n');
  await mkdir(join(folder, 'data.new'));
  await writeFile(join(folder, 'data.new', 'PG_VERSION'), '18\n');
  running = await startPostgres({ folder });
  expect(await query('select 1 as value')).toEqual([{ value: 1 }]);
});

test('names the way out when the data folder is of another version', async () => {
  running = await startPostgres({ folder });
  await running.stop();
  await writeFile(join(folder, 'data', 'PG_VERSION'), '11\n');
  await expect(startPostgres({ folder })).rejects.toThrow(/made by Postgres 11.*choose another DATA_DIR/);
});
