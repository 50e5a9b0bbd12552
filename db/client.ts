/** One small pool per process, and drizzle over it. */
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema.ts';

/** What a query needs: the pool, or one transaction of it. */
export type Queryable = PgDatabase<PostgresJsQueryResultHKT, typeof schema, ExtractTablesWithRelations<typeof schema>>;

export interface DatabaseClient {
  readonly db: Queryable;
  /** The driver itself: LISTEN, advisory locks, and what drizzle has no words for. */
  readonly sql: postgres.Sql;
  /** Lets running queries end, for at most five seconds. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Connections at most. Requests wait for one; the default suits one process of a few. */
  maxConnections?: number;
  applicationName?: string;
}

export function openDatabase(databaseUrl: string, options: DatabaseOptions = {}): DatabaseClient {
  const sql = postgres(databaseUrl, {
    max: options.maxConnections ?? 10,
    connect_timeout: 5,
    // Given back soon after a burst; the server's connections are everyone's.
    idle_timeout: 60,
    // After an outage the next try comes within a second, so that reports catch up.
    backoff: (retries) => Math.min(1, 0.05 * 2 ** Math.min(retries, 10)),
    connection: { application_name: options.applicationName ?? 'participant-recorder' },
    onnotice: () => {},
  });
  return {
    db: drizzle(sql, { schema }),
    sql,
    close: () => endWithin(sql, CLOSE_WITHIN_S),
  };
}

const CLOSE_WITHIN_S = 5;

/** The driver's own bound does not hold for connections that the server ended shortly before. */
async function endWithin(sql: postgres.Sql, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, (seconds + 1) * 1000);
  });
  await Promise.race([sql.end({ timeout: seconds }), bound]);
  clearTimeout(timer);
}
