/** Waits until everything has ended, then gathers what the invariants look at. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import type { Recording } from '../../app/_control/api.ts';
import { decodeErrors } from '../../e2e/decode.ts';
import type { FinishedMedia } from '../../recorder/contract/media.ts';
import { type AttemptState, type RecordingState, readChanges } from './change-log.ts';
import type { FinishedFile, History } from './invariants.ts';
import { lossOf } from './loss.ts';
import type { Participant } from './participant.ts';
import type { Product } from './product.ts';
import { poll } from './product-client.ts';

export interface CollectOptions {
  /** Whose recording it is, by recording id. */
  shows: ReadonlyMap<string, Participant>;
  /** When what is not final has had its time. */
  finalWithinMs: number;
}

/** Spools are emptied, and what was superseded is let go of, a moment after the last recording is final. */
const SETTLE_MS = 15_000;

export async function collectHistory(product: Product, options: CollectOptions): Promise<History> {
  const { database, store } = product.parts;
  const allFinal = async () => {
    const open = await database.sql`select id from recordings where status not in ('ready', 'failed', 'absent')`;
    return open.length === 0 || undefined;
  };
  await poll(options.finalWithinMs, () => allFinal().catch(() => undefined));
  await poll(SETTLE_MS, async () => ((await spoolLeftovers(product)).length === 0 ? true : undefined));

  const recordings = await readChanges<RecordingState>(database, 'recordings');
  const attempts = await readChanges<AttemptState>(database, 'attempts');
  const rows = await database.sql<{ id: string; media: FinishedMedia[] }>`select id, media from recordings`;
  const files: FinishedFile[] = [];
  for (const { id, media } of rows) for (const each of media) files.push(await examine(product, id, each, options));
  const objects: string[] = [];
  for await (const { key } of store.list('recordings/')) objects.push(key);
  const owners = await database.sql<{ prefix: string }>`
    select 'recordings/' || recording_id || '/' || id || '/' as prefix from attempts
    union all select 'recordings/' || id || '/' from recordings`;
  const prefixes = owners.map(({ prefix }) => prefix);
  const shown = await Promise.all(rows.map(({ id }) => product.api.recording(id).catch(() => undefined)));
  return {
    recordings,
    attempts,
    acknowledged: product.api.acknowledged,
    gaps: new Map(shown.flatMap((recording) => (recording ? [[recording.id, gapsOf(recording)] as const] : []))),
    files,
    objects,
    knownObjects: new Set(objects.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)))),
    leftovers: [...(await spoolLeftovers(product)), ...(await openUploads(product))],
  };
}

/** After `product.stop()`: processes and temporary files that outlived it, in words. */
export async function leftBehind(product: Product): Promise<string[]> {
  const temporary = await readdir(join(product.folder, 'tmp')).catch(() => []);
  // Node keeps compiled code there, for the next start.
  const forgotten = temporary.filter((name) => name !== 'node-compile-cache');
  return [
    ...(await processesOf(product.folder)).map((text) => `A process outlived its product: ${text}.`),
    ...forgotten.map((name) => `The temporary file ${name} was forgotten.`),
  ];
}

function gapsOf(recording: Recording) {
  return recording.gaps.filter(({ medium }) => medium === 'camera');
}

async function examine(
  product: Product,
  recordingId: string,
  media: FinishedMedia,
  { shows }: CollectOptions,
): Promise<FinishedFile> {
  const { key, sizeBytes: promisedBytes, sha256: promisedSha256 } = media;
  const promised = { recordingId, key, promisedBytes, promisedSha256 };
  const bytes = await product.parts.store
    .read(key)
    .then(buffer)
    .catch(() => undefined);
  if (!bytes) return { ...promised, bytes: undefined, sha256: undefined, complaints: '' };
  const path = join(product.folder, `examined-${recordingId}-${media.medium}`);
  await writeFile(path, bytes);
  const participant = shows.get(recordingId);
  return {
    ...promised,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    complaints: await decodeErrors(path).catch((error: Error) => error.message),
    loss: participant && media.medium === 'camera' ? await lossOf(bytes, participant) : undefined,
  };
}

/** A worker that runs has a folder of its own, with nothing in it but what says that it lives. */
async function spoolLeftovers(product: Product): Promise<string[]> {
  const found: string[] = [];
  for (const machine of product.machines.filter(({ isOn }) => isOn)) {
    const entries = await readdir(machine.spoolFolder).catch(() => []);
    const owners = entries.filter((name) => name !== 'of-another-program');
    if (owners.length > 1) found.push(`Of ${owners.length} workers the spool holds something, and one runs.`);
    for (const owner of owners) {
      const names = await readdir(join(machine.spoolFolder, owner)).catch(() => []);
      const held = names.filter((name) => name !== 'alive');
      found.push(...held.map((name) => `The spool of a worker still holds ${name}.`));
    }
  }
  return found;
}

async function openUploads(product: Product): Promise<string[]> {
  const server = product.parts.objectServer;
  if (!server) return [];
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = server;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads.map(({ Key }) => `An upload of ${Key} in parts was begun and never ended.`);
  } finally {
    client.destroy();
  }
}

/** Whose command line or environment names the folder; only Linux tells. */
async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [command, environment] = await Promise.all([read('cmdline'), read('environ')]);
    if (command.includes(folder) || environment.includes(folder)) found.push(command.replaceAll('\0', ' ').trim());
  }
  return found;
}
