import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderStore } from '../storage/folder-store.ts';
import { CapturedSegments } from './captured-segments.ts';
import { systemClock } from './clock.ts';
import { RecordingJournal } from './journal/recording-journal.ts';
import type { Segment } from './segment/segment.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'captured-segments-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function capture(writeFile?: (path: string, bytes: Uint8Array) => Promise<void>) {
  const attemptId = randomUUID();
  const owner = { recordingId: randomUUID(), attemptId, epoch: 1, objectPrefix: 'recordings/a/' };
  const journal = await RecordingJournal.open({ spoolDir: join(folder, 'spool'), owner, writeFile });
  const failures: unknown[] = [];
  const segments = new CapturedSegments({
    journal,
    store: await FolderStore.open(join(folder, 'store')),
    clock: systemClock,
    log: { warn: () => {} },
    facts: () => ({ tracks: [], gaps: [] }),
    onChange: () => {},
    onFailure: (error) => failures.push(error),
  });
  return { journal, segments, failures };
}

function segmentOf(sequence: number, sizeBytes: number): Segment {
  const times = { startMicros: 0, endMicros: 1 };
  return {
    medium: 'camera',
    sequence,
    part: 1,
    container: 'webm',
    bytes: new Uint8Array(sizeBytes),
    headerBytes: 0,
    ...times,
    hasVideo: true,
  };
}

it('is full while more waits for the disk than its bound, and takes again afterwards', async () => {
  const waiting: (() => void)[] = [];
  const { journal, segments } = await capture(async (path, bytes) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    await writeFile(path, bytes);
  });
  segments.add(segmentOf(1, 9_000_000));
  expect(segments.isFull).toBe(false);
  segments.add(segmentOf(2, 9_000_000));
  expect(segments.isFull).toBe(true);
  expect(segments.pending).toBe(2);
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  waiting.shift()?.();
  while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(segments.isFull).toBe(false);
  waiting.shift()?.();
  await segments.written();
  expect((await journal.segments()).map((segment) => segment.sequence)).toEqual([1, 2]);
  segments.uploader.close();
});

it('says once that the disk refused, and keeps nothing any more', async () => {
  const { journal, segments, failures } = await capture(async () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
  segments.add(segmentOf(1, 10));
  segments.add(segmentOf(2, 10));
  await segments.written();
  expect(failures).toMatchObject([{ reason: 'spool.full' }]);
  expect(segments.isFull).toBe(true);
  expect(await journal.segments()).toEqual([]);
  segments.add(segmentOf(3, 10));
  expect(segments.pending).toBe(0);
});
