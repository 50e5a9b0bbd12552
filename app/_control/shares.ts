/** Share links: who has the token may watch one recording, until it is revoked, has expired or was seen enough. */
import { createHmac, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { findRecording } from '../../db/queries/find-recording.ts';
import {
  countShareView,
  findUsableShare,
  insertShare,
  listShares as listRows,
  revokeShare as revokeRow,
} from '../../db/queries/write-share.ts';
import type { ShareRow } from '../../db/schema.ts';
import { createSecretToken, hashSecretToken } from '../../db/secret-token.ts';
import type { CreatedShare, createShareRequestSchema, Recording, Share } from './api.ts';
import type { Control } from './control.ts';
import { presentRecording } from './present-recording.ts';
import { notFound } from './problem-error.ts';
import { isSameSecret } from './report-token.ts';
import { VIEWER_SESSION_MS } from './timing.ts';

export async function createShare(
  control: Control,
  recordingId: string,
  request: z.output<typeof createShareRequestSchema>,
): Promise<CreatedShare> {
  if (!(await findRecording(control.database.db, recordingId))) throw notFound('recording');
  const token = createSecretToken();
  const row = await insertShare(control.database.db, {
    recordingId,
    tokenHash: hashSecretToken(token),
    label: request.label,
    expiresAt: request.expiresIn === null ? null : new Date(Date.now() + request.expiresIn),
    maxViews: request.maxViews,
    allowDownload: request.allowDownload,
  });
  return { ...presentShare(row), url: `${control.environment.publicUrl}/s/${token}` };
}

export async function listShares(control: Control, recordingId: string): Promise<Share[]> {
  if (!(await findRecording(control.database.db, recordingId))) throw notFound('recording');
  return (await listRows(control.database.db, recordingId)).map(presentShare);
}

/** At once: the next byte range is a 404. Revoking again changes nothing. */
export async function revokeShare(control: Control, id: string): Promise<Share> {
  const row = await revokeRow(control.database.db, id);
  if (!row) throw notFound('share');
  return presentShare(row);
}

export interface SharedRecording {
  share: Share;
  recording: Recording;
}

/** For the share page: what a token opens, or nothing, whatever the reason. Counts no view. */
export async function findSharedRecording(
  control: Control,
  token: string,
  viewerCookie?: string,
): Promise<SharedRecording | undefined> {
  const row = await findOpenShare(control, token, viewerCookie);
  if (!row) return undefined;
  const recording = await findRecording(control.database.db, row.recordingId);
  return recording && { share: presentShare(row), recording: await presentRecording(control.database.db, recording) };
}

export interface ShareView {
  recordingId: string;
  allowDownload: boolean;
  /** Set for a new viewer, who keeps it: the value of a cookie for this share's path. */
  newViewerCookie?: string;
}

/** For the media of a share: every request asks again, and a viewer's first one is counted as a view. */
export async function viewShare(
  control: Control,
  token: string,
  viewerCookie?: string,
): Promise<ShareView | undefined> {
  const row = await findUsableShare(control.database.db, hashSecretToken(token));
  if (!row) return undefined;
  const view = { recordingId: row.recordingId, allowDownload: row.allowDownload };
  if (isViewer(control, row.id, viewerCookie)) return view;
  if (!(await countShareView(control.database.db, row.id))) return undefined;
  return { ...view, newViewerCookie: createViewerCookie(control, row.id) };
}

/** As `viewShare`, for who only looks: nothing is counted. */
export async function peekShare(
  control: Control,
  token: string,
  viewerCookie?: string,
): Promise<ShareView | undefined> {
  const row = await findOpenShare(control, token, viewerCookie);
  return row && { recordingId: row.recordingId, allowDownload: row.allowDownload };
}

async function findOpenShare(control: Control, token: string, viewerCookie?: string): Promise<ShareRow | undefined> {
  const row = await findUsableShare(control.database.db, hashSecretToken(token));
  return row && (!isUsedUp(row) || isViewer(control, row.id, viewerCookie)) ? row : undefined;
}

function isUsedUp(row: ShareRow): boolean {
  return row.maxViews !== null && row.views >= row.maxViews;
}

/** `<nonce>.<end of validity>.<signature over both and the share>` */
function createViewerCookie(control: Control, shareId: string): string {
  const body = `${randomBytes(12).toString('base64url')}.${Date.now() + VIEWER_SESSION_MS}`;
  return `${body}.${signViewer(control, shareId, body)}`;
}

function isViewer(control: Control, shareId: string, cookie: string | undefined): boolean {
  const [nonce, validUntil, signature, ...rest] = (cookie ?? '').split('.');
  if (!nonce || !validUntil || !signature || rest.length > 0) return false;
  return (
    isSameSecret(signature, signViewer(control, shareId, `${nonce}.${validUntil}`)) && Number(validUntil) > Date.now()
  );
}

function signViewer(control: Control, shareId: string, body: string): string {
  return createHmac('sha256', control.environment.appSecret).update(`viewer:${shareId}:${body}`).digest('base64url');
}

function presentShare(row: ShareRow): Share {
  return {
    id: row.id,
    recordingId: row.recordingId,
    label: row.label,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    maxViews: row.maxViews,
    views: row.views,
    allowDownload: row.allowDownload,
  };
}
