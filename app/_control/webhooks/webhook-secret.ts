import { createHmac, randomBytes } from 'node:crypto';

export function createSecretSeed(): string {
  return randomBytes(18).toString('base64url');
}

/** Made, not stored: who has the database alone cannot sign. Another seed is another secret. */
export function webhookSecret(appSecret: string, seed: string): string {
  return `whsec_${createHmac('sha256', appSecret).update(`webhook:${seed}`).digest('base64')}`;
}
