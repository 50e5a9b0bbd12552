import { basename, extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Environment, readEnvironment, recordEnvironmentSchema } from '../environment.ts';
import { UsageError } from '../usage-error.ts';

/** Extensions a recording can have. A WebM file is a Matroska file, so `.mkv` fits as well as `.webm`. */
const extensions = ['.webm', '.mp4', '.mkv'];
const defaultWaitSeconds = 60;
/** setTimeout's own bound is 24.8 days. */
const mostSeconds = 7 * 24 * 3600;

export const recordHelp = `recorder record --url ws://host:7880 --token JWT --room R --identity I --out FILE
  --url URL            LiveKit's address; default: LIVEKIT_URL
  --token JWT          join token of that room: hidden, recorder, subscribe only; better: LIVEKIT_TOKEN, which other users cannot see
  --room R             room
  --identity I         participant to record
  --out FILE           .webm for VP8, VP9, AV1; .mp4 for H.264, H.265; .mkv for the first three
  --seconds N          stop after N seconds of recording; default: when the participant leaves, or on Ctrl-C
  --wait-seconds N     wait this long for the first picture or sound; default: ${defaultWaitSeconds}
  --force              replace FILE`;

export interface RecordOptions {
  url: string;
  token: string;
  room: string;
  identity: string;
  /** Absolute. */
  out: string;
  seconds: number | undefined;
  waitSeconds: number;
  force: boolean;
  logLevel: string;
}

/** Throws a UsageError that names what is wrong. */
export function readRecordOptions(args: string[], env: Environment): RecordOptions {
  const { LIVEKIT_TOKEN, LIVEKIT_URL, LOG_LEVEL } = readEnvironment(recordEnvironmentSchema, env);
  const values = parse(args);
  const room = required('--room', values.room);
  const token = required('--token (or LIVEKIT_TOKEN)', values.token ?? LIVEKIT_TOKEN);
  assertTokenFor(room, token);
  return {
    url: livekitUrl(required('--url (or LIVEKIT_URL)', values.url ?? LIVEKIT_URL)),
    token,
    room,
    identity: required('--identity', values.identity),
    out: outPath(required('--out', values.out)),
    seconds: values.seconds === undefined ? undefined : seconds('--seconds', values.seconds),
    waitSeconds: seconds('--wait-seconds', values['wait-seconds'] ?? String(defaultWaitSeconds)),
    force: values.force ?? false,
    logLevel: LOG_LEVEL,
  };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        url: { type: 'string' },
        token: { type: 'string' },
        room: { type: 'string' },
        identity: { type: 'string' },
        out: { type: 'string' },
        seconds: { type: 'string' },
        'wait-seconds': { type: 'string' },
        force: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]}\n\n${recordHelp}`, { cause: error });
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing.\n\n${recordHelp}`);
  return value;
}

function seconds(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > mostSeconds) {
    throw new UsageError(
      `${name} ${JSON.stringify(text)} is not a number of seconds above 0 and up to ${mostSeconds}.`,
    );
  }
  return value;
}

function livekitUrl(text: string): string {
  const socketUrl = text.replace(/^http/i, 'ws');
  const isUrl = URL.canParse(socketUrl) && /^wss?:$/.test(new URL(socketUrl).protocol);
  if (!isUrl) throw new UsageError(`--url ${JSON.stringify(text)} is not an address such as ws://127.0.0.1:7880.`);
  return socketUrl;
}

function outPath(text: string): string {
  const path = resolve(text);
  if (!extensions.includes(extname(path).toLowerCase()) || basename(path) === extname(path)) {
    throw new UsageError(`--out ${JSON.stringify(text)} does not end in ${extensions.join(', ')}.`);
  }
  return path;
}

/** A token of another room would be taken by the server, and wait for somebody who never comes there. */
function assertTokenFor(room: string, token: string): void {
  const grant = videoGrantOf(token);
  if (!grant)
    throw new UsageError('The join token is not a JSON Web Token: make one with the LiveKit API key and secret.');
  if (grant.room !== undefined && grant.room !== room) {
    throw new UsageError(
      `The join token is for the room ${JSON.stringify(grant.room)}, not for ${JSON.stringify(room)}.`,
    );
  }
}

function videoGrantOf(token: string): { room?: unknown } | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return undefined;
    const { video } = claims as { video?: unknown };
    return typeof video === 'object' && video !== null ? video : {};
  } catch {
    return undefined;
  }
}
