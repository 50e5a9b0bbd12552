/** The same product on an S3 bucket, a real one: what is stored there, and under which keys. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { startObjectServer } from '../infra/dev/start-object-server.ts';
import { ApiClient } from './api-client.ts';
import { compareWithDemo, demoSize } from './demo-recording.ts';
import { expect, test } from './fixtures.ts';
import { removeFolder, runScript, startProduct, temporaryFile } from './product.ts';

test('with STORAGE_URL on S3 the recording is whole and every key is made of ids', async ({ checkout }) => {
  test.setTimeout(900_000);
  const folder = mkdtempSync(join(tmpdir(), 'participant-recorder-bucket-'));
  const server = await startObjectServer({ folder });
  const s3 = new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
  });
  const product = await startProduct(checkout, { STORAGE_URL: server.storageUrl('team'), ...server.environment });
  try {
    const api = new ApiClient(product);
    for (const codec of ['vp8', 'h264']) {
      const room = `bucket ${codec}`;
      await api.createRule({ name: room, roomPattern: room, identityPattern: 'grace*', reconnectWindowMs: 0 });
      const demo = await runScript(product, 'demo', [
        ...['--room', room, '--identity', 'grace hopper', '--codec', codec, '--size', demoSize.text, '--seconds', '8'],
      ]);
      expect(demo.code, demo.stderr).toBe(0);
      const recording = await api.recordingWhere(room, ({ status }) => status === 'ready');
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: server.bucket, Prefix: 'team/' }));
      const keys = (listed.Contents ?? [])
        .map((object) => object.Key ?? '')
        .filter((key) => key.includes(recording.id));
      expect(keys.length).toBeGreaterThan(1);
      for (const key of keys)
        expect(key).toMatch(/^team\/recordings\/[0-9a-f-]{36}\/[0-9a-f-]{36}\/[a-z]+[a-z0-9./]*$/);

      const finishedKey = keys.find((key) => key.endsWith(codec === 'vp8' ? '/camera.webm' : '/camera.mp4'));
      const object = await s3.send(new GetObjectCommand({ Bucket: server.bucket, Key: finishedKey }));
      const stored = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
      expect(Buffer.compare(stored, await api.media(recording))).toBe(0);
      const seen = await compareWithDemo(temporaryFile('recording', stored));
      expect(seen.missingFrames).toEqual([]);
      expect(seen.wrongPictures).toEqual([]);
      expect(seen.worstFlashToBeepMs).toBeLessThanOrEqual(40);
    }
  } finally {
    await product.stop();
    removeFolder(product.dataDir);
    s3.destroy();
    await server.stop();
    removeFolder(folder);
  }
});
