import { findUsableShare } from '../../db/queries/write-share.ts';
import { hashSecretToken } from '../../db/secret-token.ts';
import { controlPlane } from './control-plane.ts';
import { isUsedUp } from './shares.ts';

/** The sites that may show the shared recording in a frame. */
export async function findEmbedSites(token: string): Promise<readonly string[]> {
  const share = await findUsableShare((await controlPlane()).database.db, hashSecretToken(token));
  // One that is used up is not there any more, and nothing may tell it from one that never was.
  return share && !isUsedUp(share) ? share.embedSites : [];
}
