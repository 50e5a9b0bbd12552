import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment, toolEnvironmentSchema } from './environment.ts';
import { Sentence } from './prepare.mjs';

export interface FoundLiveKit {
  /** ws://… or wss://… */
  url: string;
  apiKey: string;
  apiSecret: string;
}

/** The LiveKit server of the environment, or the one that `npm start` runs with the same data folder. */
export async function findLiveKit(): Promise<FoundLiveKit> {
  const { LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, DATA_DIR } = readEnvironment(toolEnvironmentSchema);
  if (LIVEKIT_URL && LIVEKIT_API_KEY && LIVEKIT_API_SECRET) {
    return { url: LIVEKIT_URL.replace(/^http/, 'ws'), apiKey: LIVEKIT_API_KEY, apiSecret: LIVEKIT_API_SECRET };
  }
  try {
    return JSON.parse(await readFile(join(DATA_DIR, 'livekit.json'), 'utf8')) as FoundLiveKit;
  } catch {
    throw new Sentence(
      `No LiveKit server: run npm start first (with the same DATA_DIR, here ${DATA_DIR}), or set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET.`,
    );
  }
}
