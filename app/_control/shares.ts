/** Share links, for who makes them. What their holders may do with them: `view-share.ts`. */
import type { z } from 'zod';
import { findRecording } from '../../db/queries/find-recording.ts';
import { insertShare, listShares as listRows, revokeShare as revokeRow } from '../../db/queries/write-share.ts';
import type { ShareRow } from '../../db/schema.ts';
import { createSecretToken, hashSecretToken } from '../../db/secret-token.ts';
import type { CreatedShare, createShareRequestSchema, PageQuery, Share } from './api.ts';
import type { Control } from './control.ts';
import { createdPage, type Page } from './created-page.ts';
import { hashPassword } from './password-hash.ts';
import { notFound } from './problem-error.ts';

export async function createShare(
  control: Control,
  recordingId: string,
  request: z.output<typeof createShareRequestSchema>,
): Promise<CreatedShare> {
  if (!(await findRecording(control.database.db, recordingId))) throw notFound('recording');
  const { expiresIn, password, ...rest } = request;
  const token = createSecretToken();
  const row = await insertShare(control.database.db, {
    ...rest,
    recordingId,
    tokenHash: hashSecretToken(token),
    expiresAt: expiresIn === null ? null : new Date(Date.now() + expiresIn),
    passwordHash: password === null ? null : await hashPassword(password),
  });
  return { ...presentShare(row), url: `${control.environment.publicUrl}/s/${token}` };
}

/** Newest first. */
export async function listShares(control: Control, recordingId: string, query: PageQuery): Promise<Page<Share>> {
  const { db } = control.database;
  if (!(await findRecording(db, recordingId))) throw notFound('recording');
  return createdPage(query, (page) => listRows(db, recordingId, page), presentShare);
}

/** At once: the next byte range is a 404. Revoking again changes nothing. */
export async function revokeShare(control: Control, id: string): Promise<Share> {
  const row = await revokeRow(control.database.db, id);
  if (!row) throw notFound('share');
  return presentShare(row);
}

export function isUsedUp(row: ShareRow): boolean {
  return row.maxViews !== null && row.views >= row.maxViews;
}

export function presentShare(row: ShareRow): Share {
  return {
    id: row.id,
    recordingId: row.recordingId,
    label: row.label,
    state: stateOf(row),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    maxViews: row.maxViews,
    views: row.views,
    lastViewedAt: row.lastViewedAt?.toISOString() ?? null,
    allowDownload: row.allowDownload,
    hasPassword: row.passwordHash !== null,
    startAtMs: row.startAtMs,
    embedSites: row.embedSites,
  };
}

function stateOf(row: ShareRow): Share['state'] {
  if (row.revokedAt !== null) return 'revoked';
  if (row.expiresAt !== null && row.expiresAt.getTime() <= Date.now()) return 'expired';
  return isUsedUp(row) ? 'used-up' : 'active';
}
