/** Keys that were made while keys had a role. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { readMigrations } from '../../db/migrate.ts';
import { roles } from './roles.ts';

/** As the routes were divided then. */
const could = {
  viewer: ['events:read', 'recordings:read', 'rooms:read', 'rules:read', 'system:read'],
  operator: ['recordings:write', 'rooms:join', 'rules:write', 'shares:write'],
  admin: ['access:write', 'settings:write'],
};

test('keys that had a role may what they could', async () => {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    const own = `scopes_${randomUUID().replaceAll('-', '')}`;
    await client.query(`begin; create schema ${own}; set local search_path to ${own}, public`);
    for (const { name, sql } of await readMigrations()) {
      if (name === '0011_scopes.sql') {
        for (const role of roles) {
          await client.query(
            `insert into api_keys (name, role, prefix, key_hash) values ('${role}', '${role}', 'rec_', '${role}')`,
          );
        }
      }
      await client.query(sql);
      if (name === '0011_scopes.sql') break;
    }
    const { rows } = await client.query<{ name: string; scopes: string[] }>('select name, scopes from api_keys');
    expect(Object.fromEntries(rows.map(({ name, scopes }) => [name, scopes.toSorted()]))).toEqual({
      viewer: could.viewer,
      operator: [...could.viewer, ...could.operator].sort(),
      admin: [...could.viewer, ...could.operator, ...could.admin].sort(),
    });
  } finally {
    await client.query('rollback');
    await client.end();
  }
});
