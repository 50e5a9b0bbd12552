/**
 * `npm run record -- --room R --identity I --out FILE`: the headless recorder (`recorder record`), with a join token made
 * here. The recorder itself never sees the API secret.
 */
import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { AccessToken } from 'livekit-server-sdk';
import { findLiveKit } from '../dev/find-livekit.ts';
import { describeFailure, recorderProgram } from '../dev/prepare.mjs';

/** Long enough for a long recording that has to join again. */
const tokenValidFor = '24h';

/** The value of `--room R` or `--room=R`; what is wrong with the arguments is the recorder's to say. */
function roomOf(args: readonly string[]): string | undefined {
  const index = args.findIndex((arg) => arg === '--room' || arg.startsWith('--room='));
  const arg = args[index];
  return arg?.startsWith('--room=') ? arg.slice('--room='.length) : arg === undefined ? undefined : args[index + 1];
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const room = roomOf(args);
  if (room !== undefined) {
    const { url, apiKey, apiSecret } = await findLiveKit();
    const token = new AccessToken(apiKey, apiSecret, {
      // A second recorder with the same identity would throw the first one out.
      identity: `recorder-${randomBytes(8).toString('hex')}`,
      ttl: tokenValidFor,
    });
    token.addGrant({
      room,
      roomJoin: true,
      canSubscribe: true,
      canPublish: false,
      canPublishData: false,
      hidden: true,
      recorder: true,
    });
    process.env.LIVEKIT_URL = url;
    process.env.LIVEKIT_TOKEN = await token.toJwt();
  }
  delete process.env.LIVEKIT_API_KEY;
  delete process.env.LIVEKIT_API_SECRET;
  // The same process: signals, exit code and output are the recorder's own.
  process.argv.splice(1, process.argv.length, recorderProgram, 'record', ...args);
  await import(pathToFileURL(recorderProgram).href);
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
});
