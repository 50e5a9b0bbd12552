import { openDatabase } from './client.ts';
import { insertSignInLink } from './queries/write-sign-in-link.ts';
import { createSecretToken, hashSecretToken } from './secret-token.ts';

/** How long the link that the terminal shows can be used, once. */
export const SIGN_IN_LINK_VALID_MS = 24 * 60 * 60 * 1000;

/** The token of a new one-time link `/sign-in?token=…`, for whoever starts the product. */
export async function createSignInLink(databaseUrl: string): Promise<string> {
  const client = openDatabase(databaseUrl, { maxConnections: 1 });
  try {
    const token = createSecretToken();
    await insertSignInLink(client.db, {
      tokenHash: hashSecretToken(token),
      userId: null,
      validMs: SIGN_IN_LINK_VALID_MS,
    });
    return token;
  } finally {
    await client.close();
  }
}
