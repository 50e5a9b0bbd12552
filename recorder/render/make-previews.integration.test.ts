/** With the ffmpeg of this machine: it encodes the recordings and reads the pictures back. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderStore } from '../../storage/folder-store.ts';
import { StorageError } from '../../storage/object-store.ts';
import type { PreviewTask } from '../contract/previews.ts';
import { createRecorderLog } from '../recorder-log.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { makePreviews } from './make-previews.ts';
import { previewMaker } from './preview-maker.ts';

const ffmpeg = findFfmpeg()?.ffmpeg ?? 'ffmpeg';
const log = createRecorderLog('silent', 1);
const signal = new AbortController().signal;
const colors = ['red', 'lime', 'blue', 'white'] as const;
let folder: string;
let store: FolderStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'participant-recorder-previews-'));
  store = await FolderStore.open(join(folder, 'store'));
});
afterAll(async () => {
  store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Two seconds of each colour, as a finished file of a recording in the store. */
async function record(name: string, codec: readonly string[], size = '640x360'): Promise<PreviewTask['parts'][number]> {
  const path = join(folder, name);
  const inputs = colors.flatMap((color) => ['-f', 'lavfi', '-i', `color=${color}:s=${size}:r=10:d=2`]);
  const args = ['-v', 'error', '-y', ...inputs, '-filter_complex', `concat=n=${colors.length}`, ...codec, path];
  expect(spawnSync(ffmpeg, args).stderr.toString()).toBe('');
  const key = `recordings/${name}`;
  const contentType = name.endsWith('.mp4') ? 'video/mp4' : 'video/webm';
  await store.putFile(key, path, { contentType });
  return { key, contentType, sizeBytes: (await stat(path)).size, startMs: 0, durationMs: 8000 };
}

function taskOf(change: Partial<PreviewTask>): PreviewTask {
  const recordingId = randomUUID();
  return {
    recordingId,
    turn: 1,
    objectPrefix: `recordings/${recordingId}/previews/`,
    medium: 'camera',
    parts: [],
    durationMs: 8000,
    size: { width: 640, height: 360 },
    limitMs: 60_000,
    ...change,
  };
}

/** The colour in the middle of each tile of a picture in the store. */
async function colorsOf(key: string, tiles: { columns: number; rows: number }): Promise<string[]> {
  const picture = await buffer(await store.read(key));
  const scale = `format=rgb24,scale=${tiles.columns}:${tiles.rows}:flags=neighbor`;
  const args = ['-v', 'error', '-i', 'pipe:0', '-vf', scale, '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];
  const { stdout } = spawnSync(ffmpeg, args, { input: picture });
  return Array.from({ length: stdout.length / 3 }, (_, at) => nameOf([...stdout.subarray(at * 3, at * 3 + 3)]));
}

function nameOf([red = 0, green = 0, blue = 0]: number[]): string {
  const isOn = [red, green, blue].map((value) => value > 128).join();
  return (
    { 'true,false,false': 'red', 'false,true,false': 'lime', 'false,false,true': 'blue', 'true,true,true': 'white' }[
      isOn
    ] ?? 'black'
  );
}

const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '10', '-b:v', '300k'];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
const everySecond = colors.flatMap((color) => [color, color]);

test.each([
  { name: 'whole.webm', codec: vp8, turn: 1, how: 'decoded once' },
  { name: 'sought.webm', codec: vp8, turn: 2, how: 'by seeking' },
  { name: 'sought.mp4', codec: h264, turn: 2, how: 'by seeking' },
])('$name, $how: each tile shows its second, and the poster a picture', async ({ name, codec, turn }) => {
  const task = taskOf({ parts: [await record(name, codec)], turn });
  const made = await makePreviews({ task, ffmpeg, store, signal });
  expect(made).toMatchObject({
    poster: { width: 640, height: 360 },
    storyboard: { tiles: 8, columns: 8, tileWidth: 192 },
  });
  expect(await colorsOf(`${task.objectPrefix}storyboard.jpg`, { columns: 8, rows: 1 })).toEqual(everySecond);
  expect(everySecond).toContain((await colorsOf(`${task.objectPrefix}poster.jpg`, { columns: 1, rows: 1 }))[0]);
  expect(await store.head(`${task.objectPrefix}storyboard.jpg`)).toMatchObject({
    sizeBytes: made.storyboard.sizeBytes,
  });
});

test('parts of other codecs and sizes make one storyboard, in which a hole repeats what was before', async () => {
  const first = await record('first.webm', vp8);
  const second = await record('second.mp4', h264, '320x240');
  const task = taskOf({ parts: [first, { ...second, startMs: 10_000 }], durationMs: 18_000 });
  await makePreviews({ task, ffmpeg, store, signal });
  const tiles = await colorsOf(`${task.objectPrefix}storyboard.jpg`, { columns: 10, rows: 2 });
  expect(tiles.slice(0, 18)).toEqual([...everySecond, 'white', 'white', ...everySecond]);
});

test('what cannot be decoded fails in words and leaves nothing in the store', async () => {
  await store.put('recordings/noise.webm', Buffer.alloc(10_000, 7), { contentType: 'video/webm' });
  const part = {
    key: 'recordings/noise.webm',
    contentType: 'video/webm',
    sizeBytes: 10_000,
    startMs: 0,
    durationMs: 8000,
  };
  const task = taskOf({ parts: [part] });
  const make = previewMaker({ ffmpeg, store: Promise.resolve(store), log });
  expect(await make(task, signal)).toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(/^ffmpeg ended with/),
    isStoreAway: false,
  });
  expect(await store.head(`${task.objectPrefix}poster.jpg`)).toBeUndefined();
});

const reading = (read: FolderStore['read']) => Object.assign(Object.create(store) as FolderStore, { read });
const away = () => new StorageError('unreachable', 'The store is away.', true);

test.each([
  ['cannot be reached', () => Promise.reject(away())],
  ['refuses', () => Promise.reject(new StorageError('denied', 'The store is away.', false))],
  [
    'breaks off in the middle',
    async (key: string) => {
      const content = await store.read(key);
      return Readable.from(
        (async function* () {
          for await (const bytes of content) {
            yield (bytes as Buffer).subarray(0, 1000);
            throw new Error('The store is away.');
          }
        })(),
      );
    },
  ],
])('a store that %s is told from a file that cannot be decoded', async (_how, read) => {
  const make = previewMaker({ ffmpeg, store: Promise.resolve(reading(read)), log });
  const task = taskOf({ parts: [await record('away.webm', vp8)] });
  const message = expect.stringContaining('The store is away.');
  expect(await make(task, signal)).toEqual({ kind: 'failed', message, isStoreAway: true });
});

test('a store that takes no pictures, and one that cannot be opened, are no fault of the file', async () => {
  const full = Object.assign(
    reading((...args) => store.read(...args)),
    { put: () => Promise.reject(away()) },
  );
  const task = taskOf({ parts: [await record('full.webm', vp8)] });
  for (const open of [() => Promise.resolve(full), () => Promise.reject(away())]) {
    expect(await previewMaker({ ffmpeg, store: open(), log })(task, signal)).toMatchObject({ isStoreAway: true });
  }
});

test('a worker that stops kills it and gives it back', async () => {
  const stopping = new AbortController();
  const reading = Object.assign(Object.create(store) as FolderStore, {
    read: async () => {
      stopping.abort();
      return new Promise<never>(() => {});
    },
  });
  const make = previewMaker({ ffmpeg, store: Promise.resolve(reading), log });
  const part = { key: 'recordings/a.webm', contentType: 'video/webm', sizeBytes: 10, startMs: 0, durationMs: 8000 };
  expect(await make(taskOf({ parts: [part] }), stopping.signal)).toEqual({ kind: 'given-back' });
});

test('one that takes too long fails', async () => {
  const silent = Object.assign(Object.create(store) as FolderStore, { read: () => new Promise<never>(() => {}) });
  const make = previewMaker({ ffmpeg, store: Promise.resolve(silent), log });
  const part = { key: 'recordings/a.webm', contentType: 'video/webm', sizeBytes: 10, startMs: 0, durationMs: 8000 };
  expect(await make(taskOf({ parts: [part], limitMs: 30_100 }), signal)).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('It took longer than'),
  });
});
