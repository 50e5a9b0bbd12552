import { findUsableShare } from '../../db/queries/write-share.ts';
import { hashSecretToken } from '../../db/secret-token.ts';
import { controlPlane } from './control-plane.ts';

/** The sites that may show the shared recording in a frame. */
export async function findEmbedSites(token: string): Promise<readonly string[]> {
  const share = await findUsableShare((await controlPlane()).database.db, hashSecretToken(token));
  return share?.embedSites ?? [];
}
