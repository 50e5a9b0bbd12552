/** Reads segments back to finish a recording: from the spool, or from the store when the spool had to free the file. */
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { mediaMemory } from '../storage/memory-pool.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { ReadSegment } from './finalise/read-segments.ts';
import type { RecordingJournal } from './journal/recording-journal.ts';

/** @param journal undefined: all of them are in the store */
export function readSpooledSegment(
  journal: Pick<RecordingJournal, 'pathOf'> | undefined,
  store: ObjectStore,
): ReadSegment {
  return async (segment, range) => {
    const startByte = range?.startByte ?? 0;
    const endByte = Math.min(range?.endByte ?? segment.sizeBytes - 1, segment.sizeBytes - 1);
    const fromSpool = journal && (await readFile(journal.pathOf(segment), startByte, endByte));
    return fromSpool ?? (await buffer(await store.read(segment.key, { startByte, endByte })));
  };
}

async function readFile(path: string, startByte: number, endByte: number): Promise<Buffer | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const bytes = mediaMemory.take(endByte - startByte + 1);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, startByte);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
