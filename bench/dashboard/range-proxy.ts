/** A range of a large file, read through the dashboard and from the S3 server itself, in turns, by the same client. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { participantKey } from '../../db/participant-key.ts';
import { insertRecording } from '../../db/queries/insert-recording.ts';
import type { Figure } from '../figure.ts';
import type { DashboardRig } from '../rig/dashboard-rig.ts';
import { percentile } from '../rig/percentile.ts';
import { send } from '../rig/timed-request.ts';

const TURNS = 7;
const MEGABYTES = 256;
/** Not from the beginning: a range. */
const FIRST_BYTE = 1_000_000;

export async function measureRangeProxy(rig: DashboardRig, say: (message: string) => void): Promise<Figure[]> {
  const sizeBytes = MEGABYTES * 1_000_000;
  const { id, key } = await storeLargeRecording(rig, sizeBytes);
  const range = `bytes=${FIRST_BYTE}-${sizeBytes - 1}`;
  const s3 = s3Of(rig);
  const direct = async () => {
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: rig.objectServer.bucket, Key: `bench/${key}`, Range: range }),
    );
    if (!(Body instanceof Readable)) throw new Error('The S3 server gave no stream.');
    return Body;
  };
  const proxied = async () => {
    const headers = { authorization: `Bearer ${rig.adminApiKey}`, range };
    const response = await send(`${rig.origin}/api/v1/recordings/${id}/media`, { headers });
    if (response.statusCode !== 206) throw new Error(`The range was answered with ${response.statusCode}.`);
    return response;
  };
  const speeds = { direct: [] as number[], proxied: [] as number[] };
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [way, open] of Object.entries({ direct, proxied })) {
      const speed = await megabytesPerSecond(open, sizeBytes - FIRST_BYTE);
      // The first turn fills caches.
      if (turn > 0) speeds[way as keyof typeof speeds].push(speed);
    }
  }
  s3.destroy();
  const [store, dashboard] = [percentile(speeds.direct, 0.5), percentile(speeds.proxied, 0.5)];
  say(`directly ${speeds.direct.map(Math.round)}, through the dashboard ${speeds.proxied.map(Math.round)} MB/s`);
  return [
    { name: 'range of 255 MB from the S3 server itself', value: store, unit: 'MB/s' },
    { name: 'range of 255 MB through the dashboard', value: dashboard, unit: 'MB/s' },
    {
      name: 'range through the dashboard, against the store itself',
      value: dashboard / store,
      unit: '',
      target: { least: 0.8 },
    },
  ];
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

async function storeLargeRecording({ store, database }: DashboardRig, sizeBytes: number) {
  const key = 'recordings/large/camera.webm';
  const bytes = Buffer.alloc(sizeBytes, randomBytes(1_000_003));
  await store.put(key, bytes, { contentType: 'video/webm' });
  const [room, identity] = ['large', 'somebody'];
  const row = await insertRecording(database.db, {
    room,
    identity,
    participantKey: participantKey(room, identity),
    status: 'ready',
    origin: 'api',
    wantedTracks: ['camera'],
    reconnectWindowMs: 0,
    sizeBytes,
    media: [{ medium: 'camera', key, contentType: 'video/webm', sizeBytes, sha256: 'a'.repeat(64), durationMs: 1000 }],
  });
  if (!row) throw new Error('The recording was not written.');
  return { id: row.id, key };
}

function s3Of({ objectServer }: DashboardRig): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = objectServer;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}
