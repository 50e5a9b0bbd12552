import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderStore } from '../../storage/folder-store.ts';
import { type ObjectStore, type PutFileOptions, StorageError } from '../../storage/object-store.ts';
import { Slots } from '../../storage/slots.ts';
import { RecordingJournal, type SpooledSegment } from '../journal/recording-journal.ts';
import { SegmentUploader, type SegmentUploaderOptions } from './segment-uploader.ts';

let folder: string;
let folderStore: FolderStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploader-test-'));
  folderStore = await FolderStore.open(join(folder, 'store'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function spool(count: number): Promise<SpooledSegment[]> {
  const attemptId = randomUUID();
  const journal = await RecordingJournal.open({
    spoolDir: join(folder, 'spool'),
    owner: { recordingId: randomUUID(), attemptId, epoch: 1, objectPrefix: `recordings/${attemptId}/` },
  });
  const spooled: SpooledSegment[] = [];
  for (let sequence = 1; sequence <= count; sequence++) {
    spooled.push(
      await journal.append({
        medium: 'camera',
        sequence,
        part: 1,
        container: 'webm',
        bytes: new Uint8Array(100).fill(sequence),
        headerBytes: 10,
        startMicros: 0,
        endMicros: 1,
        hasVideo: true,
      }),
    );
  }
  await journal.close();
  return spooled;
}

/** The real store, whose `putFile` fails as long as `fault` returns an error. */
function faulty(fault: (key: string, options: PutFileOptions) => Error | undefined): ObjectStore {
  return new Proxy(folderStore, {
    get(store, name) {
      if (name !== 'putFile') {
        const value: unknown = Reflect.get(store, name);
        return typeof value === 'function' ? value.bind(store) : value;
      }
      return async (...args: Parameters<ObjectStore['putFile']>) => {
        const error = fault(args[0], args[2]);
        if (error) throw error;
        await store.putFile(...args);
      };
    },
  });
}

const unreachable = () => new StorageError('unreachable', 'The store does not answer.', true);
const denied = () => new StorageError('denied', 'The access key is wrong.', false);

/** An uploader whose waits last until the test lets them end. */
function uploaderOf(store: ObjectStore, options: Partial<SegmentUploaderOptions> = {}) {
  const stored: SpooledSegment[] = [];
  const waits: { ms: number; end: () => void }[] = [];
  let onWait = () => {};
  const uploader = new SegmentUploader({
    store,
    onStored: (segment) => stored.push(segment),
    clock: { monotonicMicros: () => 0, unixMs: () => 1234 },
    random: () => 1,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason));
        waits.push({ ms, end: () => resolve(undefined) });
        onWait();
      }),
    ...options,
  });
  const nextWait = async () => {
    const wait = waits.shift();
    if (wait) return wait;
    await new Promise<void>((resolve) => {
      onWait = resolve;
    });
    return waits.shift() as { ms: number; end: () => void };
  };
  return { uploader, stored, nextWait };
}

describe('a store that works', () => {
  test('gets what is at hand of a segment that is uploaded at once; what waits is read from disk', async () => {
    const spooled = await spool(3);
    const atHand: (Uint8Array | undefined)[] = [];
    const { uploader, stored } = uploaderOf(faulty((_key, { bytes }) => void atHand.push(bytes)));
    const bytes = spooled.map(({ sequence }) => new Uint8Array(100).fill(sequence));
    uploader.enqueue(spooled[0] as SpooledSegment, bytes[0]);
    uploader.enqueue(spooled[1] as SpooledSegment, bytes[1]);
    await uploader.drain();
    uploader.enqueue(spooled[2] as SpooledSegment, bytes[2]);
    await uploader.drain();
    expect(atHand).toEqual([bytes[0], undefined, bytes[2]]);
    expect(stored).toEqual(spooled);
  });

  test('gets every segment, byte for byte, in order', async () => {
    const spooled = await spool(5);
    const { uploader, stored } = uploaderOf(folderStore);
    for (const segment of spooled) uploader.enqueue(segment);
    expect(uploader.pending).toBe(5);
    await uploader.drain();
    expect(stored).toEqual(spooled);
    expect(uploader.pending).toBe(0);
    for (const [index, segment] of spooled.entries()) {
      const bytes = await buffer(await folderStore.read(segment.key));
      expect(bytes.equals(Buffer.alloc(100, index + 1))).toBe(true);
    }
  });

  test('is not asked for more at once than there are slots, over all recordings', async () => {
    const slots = new Slots(2);
    let active = 0;
    let most = 0;
    const counting = new Proxy(folderStore, {
      get: (store, name) =>
        name === 'putFile'
          ? async (...args: Parameters<ObjectStore['putFile']>) => {
              most = Math.max(most, ++active);
              await store.putFile(...args);
              active--;
            }
          : Reflect.get(store, name),
    });
    const recordings = await Promise.all(
      [1, 2, 3, 4, 5].map(async () => {
        const { uploader, stored } = uploaderOf(counting, { slots });
        for (const segment of await spool(3)) uploader.enqueue(segment);
        return { uploader, stored };
      }),
    );
    await Promise.all(recordings.map(({ uploader }) => uploader.drain()));
    expect(most).toBe(2);
    expect(recordings.map(({ stored }) => stored.length)).toEqual([3, 3, 3, 3, 3]);
  });
});

describe('a store that fails', () => {
  test('is asked again after growing waits, says so, and gets everything in order when it is back', async () => {
    let isDown = true;
    const { uploader, stored, nextWait } = uploaderOf(faulty(() => (isDown ? unreachable() : undefined)));
    const spooled = await spool(3);
    for (const segment of spooled) uploader.enqueue(segment);

    const waitsMs: number[] = [];
    for (let tries = 0; tries < 9; tries++) {
      const wait = await nextWait();
      waitsMs.push(wait.ms);
      if (tries < 8) wait.end();
      else {
        expect(uploader.trouble).toEqual({ message: 'The store does not answer.', sinceUnixMs: 1234 });
        expect(uploader.pending).toBe(3);
        isDown = false;
        wait.end();
      }
    }
    expect(waitsMs).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    await uploader.drain();
    expect(stored).toEqual(spooled);
    expect(uploader.trouble).toBeUndefined();
  });

  test('waits are shortened by chance, to at least a half', async () => {
    const { uploader, nextWait } = uploaderOf(faulty(unreachable), { random: () => 0 });
    for (const segment of await spool(1)) uploader.enqueue(segment);
    expect((await nextWait()).ms).toBe(250);
    uploader.close();
  });

  test('for a reason that a person must mend is asked rarely, and used once it is mended', async () => {
    let isDenied = true;
    const news: (string | undefined)[] = [];
    const { uploader, stored, nextWait } = uploaderOf(
      faulty(() => (isDenied ? denied() : undefined)),
      { onTrouble: (trouble) => news.push(trouble?.message) },
    );
    for (const segment of await spool(1)) uploader.enqueue(segment);
    const wait = await nextWait();
    expect(wait.ms).toBe(30_000);
    isDenied = false;
    wait.end();
    await uploader.drain();
    expect(stored).toHaveLength(1);
    expect(news).toEqual(['The access key is wrong.', undefined]);
  });

  test('that hangs without failing is said after ten seconds', async () => {
    let nowMicros = 0;
    let hangs: () => Promise<void> = async () => {};
    let release = () => {};
    const asked = new Promise<void>((tellAsked) => {
      hangs = () => {
        tellAsked();
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      };
    });
    const hanging = new Proxy(folderStore, {
      get: (store, name) => (name === 'putFile' ? hangs : Reflect.get(store, name)),
    });
    const clock = { monotonicMicros: () => nowMicros, unixMs: () => 1000 + nowMicros / 1000 };
    const { uploader, stored } = uploaderOf(hanging, { clock });
    for (const segment of await spool(1)) uploader.enqueue(segment);
    nowMicros = 9_999_999;
    expect(uploader.trouble).toBeUndefined();
    nowMicros = 10_000_000;
    expect(uploader.trouble).toMatchObject({ message: expect.stringContaining('takes very long'), sinceUnixMs: 1000 });
    const drained = uploader.drain();
    await asked;
    release();
    await drained;
    expect(uploader.trouble).toBeUndefined();
    expect(stored).toHaveLength(1);
  });

  test('a segment whose file is gone is told, and holds back nothing', async () => {
    const spooled = await spool(3);
    await unlink(spooled[1]?.path ?? '');
    const lost: SpooledSegment[] = [];
    const { uploader, stored } = uploaderOf(folderStore, { onLost: (segment) => lost.push(segment) });
    for (const segment of spooled) uploader.enqueue(segment);
    await uploader.drain();
    expect(lost).toEqual([spooled[1]]);
    expect(stored).toEqual([spooled[0], spooled[2]]);
  });

  test('one segment in the middle holds back those behind it', async () => {
    const spooled = await spool(3);
    const { uploader, stored, nextWait } = uploaderOf(
      faulty((key) => (key === spooled[1]?.key ? unreachable() : undefined)),
    );
    for (const segment of spooled) uploader.enqueue(segment);
    (await nextWait()).end();
    await nextWait();
    expect(stored).toEqual(spooled.slice(0, 1));
    uploader.close();
  });
});

describe('drain', () => {
  test('does not sit out a wait: it tries at once', async () => {
    let isDown = true;
    const { uploader, stored, nextWait } = uploaderOf(faulty(() => (isDown ? unreachable() : undefined)));
    for (const segment of await spool(1)) uploader.enqueue(segment);
    await nextWait();
    isDown = false;
    await uploader.drain();
    expect(stored).toHaveLength(1);
  });

  test('rejects at once with what a person must mend, and keeps the segments', async () => {
    const { uploader } = uploaderOf(faulty(denied));
    for (const segment of await spool(2)) uploader.enqueue(segment);
    await expect(uploader.drain()).rejects.toMatchObject({
      reason: 'store.denied',
      message: 'The access key is wrong.',
      fault: 'destination',
      retryable: false,
    });
    expect(uploader.pending).toBe(2);
    uploader.close();
  });

  test('of one who is patient waits for a person to mend it', async () => {
    let isDenied = true;
    const { uploader, stored, nextWait } = uploaderOf(faulty(() => (isDenied ? denied() : undefined)));
    for (const segment of await spool(2)) uploader.enqueue(segment);
    const drained = uploader.drain(undefined, true);
    const wait = await nextWait();
    isDenied = false;
    wait.end();
    await drained;
    expect(stored).toHaveLength(2);
  });

  test('rejects with the last failure when its time is over', async () => {
    const { uploader, nextWait } = uploaderOf(faulty(unreachable));
    for (const segment of await spool(1)) uploader.enqueue(segment);
    const limit = new AbortController();
    const drained = uploader.drain(limit.signal);
    await nextWait();
    limit.abort();
    await expect(drained).rejects.toMatchObject({ reason: 'store.unreachable', retryable: true });
    expect(uploader.pending).toBe(1);
    uploader.close();
  });

  test('of an uploader that was given nothing resolves', async () => {
    await uploaderOf(folderStore).uploader.drain();
  });
});
