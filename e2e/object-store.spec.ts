/** The same product on an S3 bucket, a real one: what is stored there, under which keys, and played from there by a browser. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Recording } from '../app/_control/api.ts';
import { startObjectServer } from '../infra/dev/start-object-server.ts';
import { ApiClient } from './api-client.ts';
import { compareWithDemo, demoSize } from './demo-recording.ts';
import { expect, test } from './fixtures.ts';
import { expectPlaysAndSeeks } from './player.ts';
import { removeFolder, runScript, startProduct, temporaryFile } from './product.ts';

test('with STORAGE_URL on S3 the recording is whole, every key is made of ids, and browsers play it from there', async ({
  checkout,
  browser,
}) => {
  test.setTimeout(900_000);
  const folder = mkdtempSync(join(tmpdir(), 'participant-recorder-bucket-'));
  const server = await startObjectServer({ folder });
  const s3 = new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
  });
  const storage = { STORAGE_URL: server.storageUrl('team'), MEDIA_DELIVERY: 'redirect', ...server.environment };
  const product = await startProduct(checkout, storage);
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

    const { id } = await api.recordingWhere('bucket vp8', ({ posterUrl }) => posterUrl !== null);
    const { url } = await api.createShare(id);
    const page = await browser.newPage();
    const fromStore = page.waitForResponse((response) => response.url().startsWith(server.endpoint));
    await page.goto(url);
    expect((await fromStore).status()).toBe(206);
    const posterWidth = await page.locator('video').evaluate(async (element: HTMLVideoElement) => {
      const image = Object.assign(new Image(), { src: element.poster });
      await image.decode();
      return image.naturalWidth;
    });
    expect(posterWidth).toBeGreaterThan(0);
    const durationS = (await api.json<Recording>('GET', `/api/v1/recordings/${id}`)).durationMs / 1000;
    await expectPlaysAndSeeks(page, durationS);
    await page.close();
  } finally {
    await product.stop();
    removeFolder(product.dataDir);
    s3.destroy();
    await server.stop();
    removeFolder(folder);
  }
});
