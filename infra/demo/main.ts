/**
 * `npm run demo -- --room R --identity I …`: see `usage`. Ends with one line of JSON on stdout: how many frames there
 * were, with the numbers 0 to frames - 1.
 */
import { constants, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { AccessToken } from 'livekit-server-sdk';
import { findLiveKit } from '../dev/find-livekit.ts';
import { describeFailure, Sentence } from '../dev/prepare.mjs';
import type { DemoCodec, demoCodecs } from './publish-demo.ts';

const usage = `npm run demo -- --room R --identity I [options]

A participant that publishes a moving picture with numbered frames, and a flash with a beep every second.

  --room R           room to join; it is made when there is none
  --identity I       default: demo
  --codec C          vp8 (default), h264, vp9 or av1
  --size WxH         default: 1280x720
  --fps N            default: 20
  --seconds N        default: until Ctrl-C
  --simulcast        publish smaller layers too
  --no-dtx           send silence as sound, not as holes
  --no-audio         picture only
  --no-video         sound only

The server is LIVEKIT_URL with LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or the one that npm start runs.`;

const codecs = ['vp8', 'h264', 'vp9', 'av1'] as const satisfies (keyof typeof demoCodecs)[];

/** Loads the SDK so that its log goes to stderr, and only what matters: stdout belongs to our one line. */
async function loadPublisher(): Promise<typeof import('./publish-demo.ts')> {
  Object.assign(process.env, { NODE_ENV: 'production' });
  const { fd } = process.stdout;
  Reflect.set(process.stdout, 'fd', process.stderr.fd);
  try {
    return await import('./publish-demo.ts');
  } finally {
    Reflect.set(process.stdout, 'fd', fd);
  }
}

/**
 * A frame that is not encoded in time is dropped, and cannot be made up for: where it is allowed (to root), this process
 * comes before others. Threads take over the priority of the one that starts them, so this is said before there are any.
 */
function comeFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    // As everyone else.
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      room: { type: 'string' },
      identity: { type: 'string', default: 'demo' },
      codec: { type: 'string', default: 'vp8' },
      size: { type: 'string', default: '1280x720' },
      fps: { type: 'string', default: '20' },
      seconds: { type: 'string' },
      simulcast: { type: 'boolean', default: false },
      'no-dtx': { type: 'boolean', default: false },
      'no-audio': { type: 'boolean', default: false },
      'no-video': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  if (!values.room) throw new Sentence(`--room is missing.\n\n${usage}`);
  const { codec } = values;
  if (!isCodec(codec)) throw new Sentence(`--codec ${codec} is none of ${codecs.join(', ')}.`);
  const [width = 0, height = 0] = /^(\d+)x(\d+)$/.exec(values.size)?.slice(1).map(Number) ?? [];
  if (width < 64 || height < 64 || width > 3840 || height > 2160 || width % 2 === 1 || height % 2 === 1) {
    throw new Sentence(`--size ${values.size} is not even numbers between 64x64 and 3840x2160, like 1280x720.`);
  }
  const fps = Number(values.fps);
  if (!Number.isInteger(fps) || fps < 1 || fps > 60) throw new Sentence(`--fps ${values.fps} is not 1 to 60.`);
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0))
    throw new Sentence(`--seconds ${values.seconds} is not a number above 0.`);

  const livekit = await findLiveKit();
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: values.identity, ttl: '10m' });
  token.addGrant({ room: values.room, roomJoin: true, canPublish: true, canSubscribe: false });

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  comeFirst();
  const { publishDemo } = await loadPublisher();
  const result = await publishDemo({
    url: livekit.url,
    token: await token.toJwt(),
    codec,
    width,
    height,
    fps,
    simulcast: values.simulcast,
    video: !values['no-video'],
    audio: !values['no-audio'],
    dtx: !values['no-dtx'],
    seconds,
    signal: stop.signal,
    onPublished: () => {
      process.stderr.write(
        `Publishing ${values.size} ${codec} at ${fps} fps as "${values.identity}" in "${values.room}".\n`,
      );
    },
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function isCodec(value: string): value is DemoCodec {
  return (codecs as readonly string[]).includes(value);
}

main().then(
  // The SDK's threads would keep the process.
  () => process.exit(0),
  (error: unknown) => {
    const usageError = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`${usageError ? `${(error as Error).message}\n\n${usage}` : describeFailure(error)}\n`);
    process.exit(usageError ? 2 : 1);
  },
);
