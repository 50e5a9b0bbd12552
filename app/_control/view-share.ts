/**
 * Share links, for who has one: they may watch one recording until the link is revoked, has expired or was seen enough, and
 * with its password if it has one. Unknown, revoked, expired and used up are the same to them: nothing.
 */
import { findRecording } from '../../db/queries/find-recording.ts';
import { countShareView, findUsableShare } from '../../db/queries/write-share.ts';
import type { ShareRow } from '../../db/schema.ts';
import { hashSecretToken } from '../../db/secret-token.ts';
import type { Recording, Share } from './api.ts';
import type { Control } from './control.ts';
import { limitGuesses } from './limit-guesses.ts';
import { isPassword } from './password-hash.ts';
import { presentRecording } from './present-recording.ts';
import { ProblemError } from './problem-error.ts';
import { isUsedUp, presentShare } from './shares.ts';
import { createViewerPass, isViewerPass } from './viewer-pass.ts';

export interface SharedRecording {
  share: Share;
  /** None until the password was given. */
  recording: Recording | undefined;
}

/** What a token opens, or nothing, whatever the reason. Counts no view. */
export async function findSharedRecording(
  control: Control,
  token: string,
  pass?: string,
): Promise<SharedRecording | undefined> {
  const row = await findOpenShare(control, token, pass);
  if (!row) return undefined;
  const recording = await findRecording(control.database.db, row.recordingId);
  if (!recording) return undefined;
  const share = presentShare(row);
  if (row.passwordHash !== null && !isViewerPass(control, row.id, pass)) return { share, recording: undefined };
  return { share, recording: await presentRecording(control.database.db, recording) };
}

export interface ShareView {
  recordingId: string;
  /** Set for a new viewer, who keeps it. */
  newPass?: string;
}

export interface ViewOptions {
  pass: string | undefined;
  /** Whether a new viewer is one: who only looks is not. */
  counts: boolean;
  download?: boolean;
}

/** For what a share shows: every request asks again, and a viewer's first one is counted as a view. */
export async function viewShare(
  control: Control,
  token: string,
  { pass, counts, download = false }: ViewOptions,
): Promise<ShareView | undefined> {
  const row = await findOpenShare(control, token, pass);
  if (!row) return undefined;
  const { recordingId } = row;
  const isViewer = isViewerPass(control, row.id, pass);
  if (row.passwordHash !== null && !isViewer) refuseLocked();
  if (download && !row.allowDownload) throw new ProblemError('forbidden', 'This link does not allow downloads.');
  if (isViewer || !counts) return { recordingId };
  const newPass = await countView(control, row);
  return newPass === undefined ? undefined : { recordingId, newPass };
}

/** Counts a view and gives the pass for it; nothing when the link is good for none (any more). */
export async function openShare(
  control: Control,
  token: string,
  { password, address }: { password: string | undefined; address: string },
): Promise<string | undefined> {
  const row = await findOpenShare(control, token);
  if (!row) return undefined;
  const { passwordHash } = row;
  if (passwordHash !== null) {
    if (password === undefined) refuseLocked();
    const right = await limitGuesses(control, `share:${row.id}`, address, () => isPassword(password, passwordHash));
    if (!right) throw new ProblemError('forbidden', 'This is not the password of this link.');
  }
  return countView(control, row);
}

async function countView(control: Control, row: ShareRow): Promise<string | undefined> {
  return (await countShareView(control.database.db, row.id)) ? createViewerPass(control, row.id) : undefined;
}

/** While it is used up it is still there for who is watching already. */
async function findOpenShare(control: Control, token: string, pass?: string): Promise<ShareRow | undefined> {
  const row = await findUsableShare(control.database.db, hashSecretToken(token));
  return row && (!isUsedUp(row) || isViewerPass(control, row.id, pass)) ? row : undefined;
}

function refuseLocked(): never {
  throw new ProblemError('forbidden', 'This link asks for a password first.');
}
