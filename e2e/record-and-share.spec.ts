/**
 * The main job: a rule, a participant who joins, a finished recording with every frame, a share link that plays
 * until it is revoked. Nobody touches anything in between.
 */
import { createHash } from 'node:crypto';
import type { Recording } from '../app/_control/api.ts';
import type { ApiClient } from './api-client.ts';
import { decodeErrors, probe } from './decode.ts';
import { compareWithDemo, demoSize } from './demo-recording.ts';
import { expect, test } from './fixtures.ts';
import { expectPlaysAndSeeks } from './player.ts';
import { runScript, temporaryFile } from './product.ts';

const container = { vp8: 'webm', h264: 'mp4' } as const;

for (const codec of ['vp8', 'h264'] as const) {
  test(`a ${codec} participant is recorded by a rule, whole, and plays from a share link until it is revoked`, async ({
    product,
    api,
    browser,
  }) => {
    const room = `story-${codec}`;
    // One waits for the participant to come back as long as a rule does that says nothing of it, the other does not.
    const window = codec === 'vp8' ? {} : { reconnectWindowMs: 0 };
    await api.createRule({ name: `all of ${room}`, roomPattern: room, identityPattern: '*', ...window });

    const demo = await runScript(product, 'demo', [
      ...['--room', room, '--identity', 'ada', '--codec', codec, '--size', demoSize.text, '--seconds', '20'],
    ]);
    expect(demo.code, demo.stderr).toBe(0);
    const published = JSON.parse(demo.stdout) as { frames: number };

    const recording = await api.recordingWhere(room, ({ status }) => status === 'ready');
    expect(recording.origin).toBe('rule');
    expect(recording.stopReason).toBe('participant-left');
    expect(recording.tracks.map((track) => track.codec).sort()).toEqual(['opus', codec].sort());
    expect((await api.recordingsOf(room)).length).toBe(1);

    const bytes = await api.media(recording);
    const path = temporaryFile(`recording.${container[codec]}`, bytes);
    expect(bytes.length).toBe(recording.media[0]?.sizeBytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(recording.media[0]?.sha256);
    expect(await decodeErrors(path)).toBe('');
    const { streams } = probe(path);
    expect(streams.map((stream) => stream.codecName).sort()).toEqual([codec, 'opus'].sort());

    const seen = await compareWithDemo(path);
    expect(seen.missingFrames, 'frames missing between the first and the last').toEqual([]);
    expect(seen.wrongPictures).toEqual([]);
    expect(seen.lastFrame).toBe(published.frames - 1);
    // How soon recording starts is measured by a benchmark; here it only must not be late by seconds.
    expect(seen.firstFrame).toBeLessThan(5 * 20);
    expect(seen.flashes).toBeGreaterThanOrEqual(14);
    expect(seen.worstFlashToBeepMs).toBeLessThanOrEqual(40);

    await expectRanges(api, recording, bytes);

    const share = await api.createShare(recording.id);
    const visitor = await browser.newContext();
    const page = await visitor.newPage();
    await page.goto(share.url);
    await expectPlaysAndSeeks(page, recording.durationMs / 1000);

    await api.json('DELETE', `/api/v1/shares/${share.id}`);
    const revoked = await visitor.request.get(share.url);
    const revokedMedia = await visitor.request.get(`${share.url}/media`);
    const unknown = await visitor.request.get(`${product.origin}/s/${'x'.repeat(43)}`);
    expect(revoked.status()).toBe(404);
    expect(revokedMedia.status()).toBe(404);
    expect(unknown.status()).toBe(404);
    await visitor.close();
  });
}

/** RFC 9110 section 14: what a player asks of a file, and what it must get. */
async function expectRanges(api: ApiClient, recording: Recording, bytes: Uint8Array): Promise<void> {
  const path = `/api/v1/recordings/${recording.id}/media`;
  const cases = [
    { range: 'bytes=0-0', status: 206, from: 0, to: 0 },
    { range: 'bytes=100-1099', status: 206, from: 100, to: 1099 },
    { range: `bytes=${bytes.length - 10}-`, status: 206, from: bytes.length - 10, to: bytes.length - 1 },
    { range: 'bytes=-500', status: 206, from: bytes.length - 500, to: bytes.length - 1 },
    { range: `bytes=0-${bytes.length * 2}`, status: 206, from: 0, to: bytes.length - 1 },
  ];
  for (const { range, status, from, to } of cases) {
    const response = await api.request('GET', path, undefined, { range });
    expect(response.status, range).toBe(status);
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/${bytes.length}`);
    const body = new Uint8Array(await response.arrayBuffer());
    expect(Buffer.compare(body, bytes.subarray(from, to + 1)), range).toBe(0);
  }
  const beyond = await api.request('GET', path, undefined, { range: `bytes=${bytes.length}-` });
  expect(beyond.status).toBe(416);
  expect(beyond.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
}
