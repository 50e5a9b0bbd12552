import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderStore } from '../../storage/folder-store.ts';
import type { Container, StoredSegment } from '../contract/media.ts';
import { Segmenter } from '../segment/segmenter.ts';
import { opusSamples, videoSamples } from '../testing/encoded-samples.ts';
import { FileCheck } from './file-check.ts';
import { finishFiles } from './finalise.ts';
import { placeAll } from './placed-segment.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-file-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function finishedFile(codec: 'vp8' | 'h264'): Promise<string> {
  const made = new Map<string, { segment: StoredSegment; bytes: Buffer }>();
  const segmenter = new Segmenter({
    medium: 'camera',
    segmentMs: 500,
    onSegment: ({ bytes, ...rest }) => {
      const segment = { ...rest, key: `${rest.sequence}`, sizeBytes: bytes.length, sha256: '' };
      made.set(segment.key, { segment, bytes: Buffer.from(bytes) });
    },
  });
  const frames = [
    ...videoSamples({ codec, seconds: 2, fps: 25 }).map((sample, index) => ({ sample, atMicros: index * 40_000 })),
    ...opusSamples(2).map((sample, index) => ({ sample, atMicros: index * 20_000 })),
  ].sort((a, b) => a.atMicros - b.atMicros);
  for (const { sample, atMicros } of frames) {
    const data = Uint8Array.from(sample.data);
    const times = { presentationMicros: atMicros, receivedAtMicros: atMicros, rtpTimestamp: 0 };
    segmenter.add({ ...sample, data, ...times, trackSid: sample.codec, afterLoss: false });
  }
  segmenter.close();
  const [media] = await finishFiles({
    segments: placeAll([...made.values()].map(({ segment }) => segment)),
    readSegment: async ({ key }, range) => {
      const bytes = made.get(key)?.bytes ?? Buffer.alloc(0);
      return Buffer.from(range ? bytes.subarray(range.startByte, range.endByte + 1) : bytes);
    },
    store: await FolderStore.open(join(folder, 'store')),
    objectPrefix: 'made/',
  });
  return join(folder, 'store', media?.key ?? 'missing');
}

/** @param pieceBytes how much is written at once */
function check(bytes: Buffer, container: Container, pieceBytes: number): void {
  const walk = new FileCheck('some.file', container);
  for (let at = 0; at < bytes.length; at += pieceBytes) walk.write(bytes.subarray(at, at + pieceBytes));
  walk.end();
}

describe.each([
  ['vp8', 'webm'],
  ['h264', 'mp4'],
] as const)('a finished file of %s', (codec, container) => {
  it.each([1, 7, 4096, 1e9])(
    'is whole; cut, grown or with a hole in it, it is not: in pieces of %i',
    async (pieceBytes) => {
      const whole = await readFile(await finishedFile(codec));
      check(whole, container, pieceBytes);
      const half = Math.floor(whole.length / 2);
      for (const bytes of [
        whole.subarray(0, -1),
        whole.subarray(0, half),
        Buffer.concat([whole, Buffer.alloc(20)]),
        // The media data of MP4 has no marks inside.
        ...(container === 'webm'
          ? [Buffer.concat([whole.subarray(0, half), whole.subarray(half + 1), Buffer.alloc(1)])]
          : []),
        Buffer.concat([Buffer.alloc(40), whole.subarray(40)]),
        Buffer.alloc(0),
      ]) {
        expect(() => check(bytes, container, pieceBytes)).toThrow(/^The finished file some.file is broken: /);
      }
    },
  );
});
