/** What becomes of queries when their connection does not last. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DatabaseClient, openDatabase } from './client.ts';
import { listenToNotices } from './notices.ts';

let database: DatabaseClient;
beforeAll(() => {
  database = openDatabase(inject('postgresUrl'));
});
afterAll(() => database.close());

/** A way to the database that can fall silent, as a network does that forgot a connection. */
class Link {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<{ link: Link; url: string }> {
    const { port, hostname } = new URL(inject('postgresUrl'));
    const server = createServer();
    const link = new Link(server);
    server.on('connection', (near) => {
      const far = connect(Number(port), hostname);
      for (const socket of [near, far]) socket.on('error', () => {});
      link.#sockets.push(near, far);
      near.pipe(far);
      far.pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port');
    const url = new URL(inject('postgresUrl'));
    url.host = `127.0.0.1:${address.port}`;
    return { link, url: url.href };
  }

  fallSilent(): void {
    for (const socket of this.#sockets) socket.unpipe();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function killEveryOther(): Promise<void> {
  const admin = openDatabase(inject('postgresUrl'), { maxConnections: 1, applicationName: 'killer' });
  await admin.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where pid <> pg_backend_pid() and application_name = 'victim'`;
  await admin.close();
}

test('connections that the server ends are replaced, whatever was under way on them, and nothing waits for ever', async () => {
  const victim = openDatabase(inject('postgresUrl'), { maxConnections: 4, applicationName: 'victim' });
  for (let turn = 0; turn < 10; turn++) {
    const queries = Array.from({ length: 12 }, () => victim.db.execute(sql`select pg_sleep(0.01)`));
    await killEveryOther();
    await Promise.allSettled(queries);
    // At most one idle connection each may turn out to be dead.
    await Promise.allSettled(Array.from({ length: 4 }, () => victim.sql`select 1`));
  }
  expect(await victim.sql<{ one: number }>`select ${1}::int as one`).toEqual([{ one: 1 }]);
  await victim.close();
});

test('a transaction whose connection was ended writes nothing, also not what it wanted to write afterwards', async () => {
  await database.sql`create table if not exists broken_transaction (value integer)`;
  const victim = openDatabase(inject('postgresUrl'), { maxConnections: 2, applicationName: 'victim' });
  const insert = (value: number) => sql`insert into broken_transaction values (${value})`;
  const broken = victim.db.transaction(async (db) => {
    await db.execute(insert(1));
    await killEveryOther();
    // The connection is gone; another of the same pool must not be taken in its place.
    await db.execute(insert(2)).catch(() => {});
    await db.execute(insert(3));
  });
  await expect(broken).rejects.toThrow();
  expect(await database.sql`select * from broken_transaction`).toEqual([]);
  await victim.close();
  await database.sql`drop table broken_transaction`;
});

test('transactions that cannot begin do not use up the pool', async () => {
  const victim = openDatabase(inject('postgresUrl'), { maxConnections: 1, applicationName: 'victim' });
  for (let turn = 0; turn < 5; turn++) {
    await victim.sql`select 1`;
    await killEveryOther();
    await victim.db.transaction((db) => db.execute(sql`select 1`)).catch(() => {});
  }
  await expect.poll(() => victim.sql`select 1`.catch(() => [])).toHaveLength(1);
  await victim.close();
});

test('a server that falls silent is given up in time, and reached again', async () => {
  const { link, url } = await Link.open();
  const client = openDatabase(url, { maxConnections: 1, silentMs: 300 });
  await client.sql`select 1`;
  link.fallSilent();
  await expect(client.sql`select 1`).rejects.toThrow(/did not answer for 0.3 s/);
  expect(await client.sql`select 1`).toHaveLength(1);
  await client.close();
  await link.close();
});

test('a listener whose connection is ended listens again, is told so, and hears what comes then', async () => {
  let times = 0;
  const heard: string[] = [];
  const listener = await listenToNotices(inject('postgresUrl'), {
    listening: () => {
      times += 1;
    },
    notice: (channel, payload) => heard.push(`${channel} ${payload}`),
  });
  await database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'notices' and query like '%listen%'`;
  await expect.poll(() => times).toBeGreaterThan(1);
  await database.sql`select pg_notify('recorder_tasks', 'one')`;
  await expect.poll(() => heard).toEqual(['recorder_tasks one']);
  await listener.stop();
  await database.sql`select pg_notify('recorder_tasks', 'two')`;
  expect(heard).toEqual(['recorder_tasks one']);
});
