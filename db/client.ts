/**
 * One small pool per process, and drizzle over it.
 *
 * Every wait is bounded: for a connection, for an answer, for closing. A connection that breaks rejects what it was
 * doing, also in the middle of a transaction, and is never given back to the pool.
 */
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { drizzle, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import { Pool, type PoolClient } from 'pg';
import { boundedSocket, SILENT_MS } from './bounded-socket.ts';
import * as schema from './schema.ts';

/** What a query needs: the pool, or one transaction of it. */
export type Queryable = PgDatabase<NodePgQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>;

export interface DatabaseClient {
  readonly url: string;
  readonly db: Queryable;
  /** For what drizzle has no words for; values become parameters. */
  sql<Row extends object>(text: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>;
  /** Lets running queries end, for at most five seconds. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections at most. Requests wait for one; the default suits one process of a few. */
  maxConnections?: number;
  applicationName?: string;
  /** Default: 20 s. */
  silentMs?: number;
}

/** For a connection, from the server or from the pool; a burst of requests waits its turn meanwhile. */
const CONNECT_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 5_000;
/** Given back soon after a burst: the server's connections are everyone's. Before silence is taken for a failure. */
const IDLE_MS = SILENT_MS / 2;

export function openDatabase(databaseUrl: string, options: DatabaseOptions = {}): DatabaseClient {
  const pool = new Pool({
    connectionString: databaseUrl,
    stream: () => boundedSocket(options.silentMs),
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    idleTimeoutMillis: IDLE_MS,
    application_name: options.applicationName ?? 'participant-recorder',
  });
  // What breaks while nobody uses it is replaced when somebody does.
  pool.on('error', () => {});
  pool.on('connect', releaseWhenBroken);
  return {
    url: databaseUrl,
    db: drizzle(pool, { schema }),
    sql: async (text, ...values) => (await pool.query(text.reduce(withParameter), values)).rows,
    close: () => endWithin(pool, CLOSE_WITHIN_MS),
  };
}

function withParameter(before: string, after: string, index: number): string {
  return `${before}$${index}${after}`;
}

/** Whoever holds a connection that broke may not get to give it back: a transaction that could not even begin. */
function releaseWhenBroken(client: PoolClient): void {
  client.on('error', () => {});
  client.once('end', () => {
    try {
      client.release(true);
    } catch {
      // It was given back before.
    }
  });
}

async function endWithin(pool: Pool, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([pool.end(), bound]);
  clearTimeout(timer);
}
