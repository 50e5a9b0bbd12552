/** Keys of programs: shown once, kept as a hash, worth the scopes that they were made with. */

import type { z } from 'zod';
import {
  countApiKeys,
  findUsableApiKey,
  insertApiKey,
  listApiKeys as listRows,
  revokeApiKey as revokeRow,
  touchApiKey,
} from '../../db/queries/write-api-key.ts';
import type { ApiKeyRow } from '../../db/schema.ts';
import { createSecretToken, hashSecretToken } from '../../db/secret-token.ts';
import type { Control } from './control.ts';
import { notFound, ProblemError } from './problem-error.ts';
import { isScope } from './scopes.ts';
import { SEEN_EVERY_MS } from './timing.ts';
import type { ApiKey, CreatedApiKey, createApiKeyRequestSchema } from './users-api.ts';

/** What scanners of source code look for, and people recognise. */
const PREFIX = 'rec_';
const SHOWN_CHARACTERS = PREFIX.length + 6;
const MAX_API_KEYS = 1_000;

/** @param createdBy null for a program, and for whoever came by the link of the terminal */
export async function createApiKey(
  control: Control,
  request: z.output<typeof createApiKeyRequestSchema>,
  createdBy: string | null,
): Promise<CreatedApiKey> {
  const { db } = control.database;
  if ((await countApiKeys(db)) >= MAX_API_KEYS) {
    throw new ProblemError('conflict', `There are ${MAX_API_KEYS} API keys already. Share one among programs.`);
  }
  const key = PREFIX + createSecretToken();
  const row = await insertApiKey(db, {
    name: request.name,
    scopes: request.scopes,
    prefix: key.slice(0, SHOWN_CHARACTERS),
    keyHash: hashSecretToken(key),
    createdBy,
    validMs: request.expiresIn,
  });
  control.log.info({ keyId: row.id, scopes: row.scopes, createdBy }, 'api-key.created');
  return { ...present(row), key };
}

export async function listApiKeys(control: Control): Promise<ApiKey[]> {
  return (await listRows(control.database.db, MAX_API_KEYS)).map(present);
}

/** At once: the next request is a 401. Revoking again changes nothing. */
export async function revokeApiKey(control: Control, id: string): Promise<ApiKey> {
  const row = await revokeRow(control.database.db, id);
  if (!row) throw notFound('API key');
  control.log.info({ keyId: row.id }, 'api-key.revoked');
  return present(row);
}

/** While it may be used. */
export async function findApiKey(control: Control, key: string): Promise<ApiKeyRow | undefined> {
  if (!key.startsWith(PREFIX)) return undefined;
  const { db } = control.database;
  const found = await findUsableApiKey(db, hashSecretToken(key), SEEN_EVERY_MS);
  if (found?.isStale) await touchApiKey(db, found.key.id, SEEN_EVERY_MS);
  return found?.key;
}

function present(row: ApiKeyRow): ApiKey {
  const expired = row.expiresAt !== null && row.expiresAt.getTime() <= Date.now();
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes.filter(isScope),
    prefix: row.prefix,
    status: row.revokedAt !== null ? 'revoked' : expired ? 'expired' : 'active',
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
