/**
 * A range of a large file, read through the dashboard and from the S3 server itself, in turns, by the same client.
 *
 * On one machine, what is compared is how often bytes are copied by how many processes. Between a store and who reads from it
 * there is a network as a rule, so the same is measured once more with the store at the end of a line of 1 Gbit/s, for both.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { participantKey } from '../../db/participant-key.ts';
import { insertRecording } from '../../db/queries/insert-recording.ts';
import type { Figure } from '../figure.ts';
import { type DashboardRig, STORE_PREFIX } from '../rig/dashboard-rig.ts';
import { openLine } from '../rig/line.ts';
import { percentile } from '../rig/percentile.ts';
import { send } from '../rig/timed-request.ts';

const TURNS = 7;
const LINE_BYTES_PER_SECOND = 125_000_000;
const FILE_BYTES = 256_000_000;
/** Not from the beginning: a range. */
const FIRST_BYTE = 1_000_000;
const ON_LINE_BYTES = 63_000_000;
const WITHOUT_LINE_BYTES = 255_000_000;

/** Where the store is, and a dashboard that reads from there. */
interface Way {
  endpoint: string;
  origin: string;
}

export async function measureRangeProxy(rig: DashboardRig, say: (message: string) => void): Promise<Figure[]> {
  const file = await storeLargeRecording(rig);
  const { endpoint } = rig.objectServer;
  const without = await compare(rig, { endpoint, origin: rig.origin }, file, WITHOUT_LINE_BYTES, say);

  const line = await openLine(Number(new URL(endpoint).port), LINE_BYTES_PER_SECOND);
  const far = `http://127.0.0.1:${line.port}`;
  const storageUrl = rig.objectServer
    .storageUrl(STORE_PREFIX)
    .replace(encodeURIComponent(endpoint), encodeURIComponent(far));
  const dashboard = await rig.startAnother(storageUrl);
  const onLine = await compare(rig, { endpoint: far, origin: dashboard.url }, file, ON_LINE_BYTES, say);
  await dashboard.stop();
  await line.stop();

  return [
    { name: 'range from the store itself', value: without.direct, unit: 'MB/s' },
    {
      name: 'range through the dashboard, against the store itself',
      value: without.proxied / without.direct,
      unit: '',
      target: { least: 0.8 },
    },
    { name: 'range from the store itself, behind 1 Gbit/s', value: onLine.direct, unit: 'MB/s' },
    {
      name: 'range through the dashboard, against the store behind 1 Gbit/s',
      value: onLine.proxied / onLine.direct,
      unit: '',
    },
  ];
}

/** Megabytes a second, both ways in turns; medians. */
async function compare(
  rig: DashboardRig,
  { endpoint, origin }: Way,
  { id, key }: { id: string; key: string },
  rangeBytes: number,
  say: (message: string) => void,
): Promise<{ direct: number; proxied: number }> {
  const range = `bytes=${FIRST_BYTE}-${FIRST_BYTE + rangeBytes - 1}`;
  const s3 = s3At(rig, endpoint);
  const ways = {
    direct: async () => {
      const target = { Bucket: rig.objectServer.bucket, Key: `${STORE_PREFIX}/${key}`, Range: range };
      const { Body } = await s3.send(new GetObjectCommand(target));
      if (!(Body instanceof Readable)) throw new Error('The S3 server gave no stream.');
      return Body;
    },
    proxied: async () => {
      const headers = { authorization: `Bearer ${rig.adminApiKey}`, range };
      const response = await send(`${origin}/api/v1/recordings/${id}/media`, { headers });
      if (response.statusCode !== 206) throw new Error(`The range was answered with ${response.statusCode}.`);
      return response;
    },
  };
  const speeds = { direct: [] as number[], proxied: [] as number[] };
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const way of ['direct', 'proxied'] as const) {
      const speed = await megabytesPerSecond(ways[way], rangeBytes);
      // The first turn fills caches.
      if (turn > 0) speeds[way].push(speed);
    }
  }
  s3.destroy();
  say(`directly ${speeds.direct.map(Math.round)}, through the dashboard ${speeds.proxied.map(Math.round)} MB/s`);
  return { direct: percentile(speeds.direct, 0.5), proxied: percentile(speeds.proxied, 0.5) };
}

async function megabytesPerSecond(open: () => Promise<Readable>, expectedBytes: number): Promise<number> {
  const from = performance.now();
  let bytes = 0;
  const stream = await open();
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await new Promise<void>((resolve, reject) => stream.once('end', resolve).once('error', reject));
  if (bytes !== expectedBytes) throw new Error(`${bytes} bytes came instead of ${expectedBytes}.`);
  return bytes / 1000 / (performance.now() - from);
}

async function storeLargeRecording({ store, database }: DashboardRig): Promise<{ id: string; key: string }> {
  const key = 'recordings/large/camera.webm';
  await store.put(key, Buffer.alloc(FILE_BYTES, randomBytes(1_000_003)), { contentType: 'video/webm' });
  const media = { medium: 'camera' as const, key, contentType: 'video/webm', sizeBytes: FILE_BYTES };
  const [room, identity] = ['large', 'somebody'];
  const row = await insertRecording(database.db, {
    room,
    identity,
    participantKey: participantKey(room, identity),
    status: 'ready',
    origin: 'api',
    wantedTracks: ['camera'],
    reconnectWindowMs: 0,
    sizeBytes: FILE_BYTES,
    media: [{ ...media, sha256: 'a'.repeat(64), durationMs: 1000 }],
  });
  if (!row) throw new Error('The recording was not written.');
  return { id: row.id, key };
}

function s3At({ objectServer }: DashboardRig, endpoint: string): S3Client {
  const { region, accessKeyId, secretAccessKey } = objectServer;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
