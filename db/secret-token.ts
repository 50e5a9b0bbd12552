import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, safe in an address. Shown once; only its hash is kept. */
export function createSecretToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token: guessing 256 bits is no better with the hash than without, so a plain SHA-256 will do. */
export function hashSecretToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
