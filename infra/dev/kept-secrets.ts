import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LiveKitKeys, newLiveKitKeys } from './start-livekit.ts';

export interface Secrets {
  appSecret: string;
  workerToken: string;
  livekit: LiveKitKeys;
}

/** Made once, kept in the data folder where only its owner reads them: sessions and shares stay valid over restarts. */
export async function keptSecrets(dataFolder: string): Promise<Secrets> {
  const path = join(dataFolder, 'secrets.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return JSON.parse(text) as Secrets;
  const secrets: Secrets = {
    appSecret: randomBytes(32).toString('base64url'),
    workerToken: randomBytes(32).toString('base64url'),
    livekit: newLiveKitKeys(),
  };
  await writePrivately(path, secrets);
  return secrets;
}

/** Whole or not at all, and readable by its owner alone from the first byte. */
export async function writePrivately(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
