/**
 * Stage: finalise. Makes finished, seekable files from the segments of an attempt, or of several (join-attempts.ts).
 *
 * In:  the segments in their places, and a way to read them (from the spool or from the store).
 * Out: files in the store under `<objectPrefix><medium>.<webm|mp4>`; of an attempt `manifest.json` beside them. A file is only
 *      named when it was walked to its end (file-check.ts), and the store took every part of it by its SHA-256 and says that it has all.
 * Order: camera before screen, each from its first segment to its last.
 * Nothing is dropped: every frame of every segment is in the file, with the bytes and the time it had. A segment that
 * cannot be read is a TaskError.
 *
 * Nothing is decoded or encoded, and a frame is not even looked at: clusters and media data are copied, only indexes
 * are made. The file goes into the store while it is made, so it needs no room on the local disk, and its parts are under way while
 * later ones are made. Memory grows with the length by half a kilobyte a segment, and in MP4 by the index: 12 bytes a frame. Idempotent: the same
 * segments make the same bytes under the same keys, so it can be repeated by anyone after a crash.
 *
 * If one container cannot hold a medium (its codec changed), the rest is `<medium>-2.<ext>` and so on, in order.
 */
import { type ObjectStore, StorageError } from '../../storage/object-store.ts';
import { contentTypeOf, type FinishedMedia, type RecordingManifest } from '../contract/media.ts';
import { FileCheck } from './file-check.ts';
import { writeMp4File } from './mp4-file.ts';
import { OutputFile, type WrittenFile } from './output-file.ts';
import { type PlacedSegment, placeAll } from './placed-segment.ts';
import { type PlannedFile, planFiles } from './plan-files.ts';
import type { ReadSegment } from './read-segments.ts';
import { type FileTimes, writeWebmFile } from './webm-file.ts';

export interface FinishFilesOptions {
  segments: readonly PlacedSegment[];
  readSegment: ReadSegment;
  store: ObjectStore;
  /** Ends with "/". */
  objectPrefix: string;
  signal?: AbortSignal;
}

export type FinaliseOptions = Omit<FinishFilesOptions, 'segments'> & { manifest: RecordingManifest };

/** Of one attempt, whose clock is the recording's. */
export async function finalise({ manifest, ...options }: FinaliseOptions): Promise<FinishedMedia[]> {
  const media = await finishFiles({ ...options, segments: placeAll(manifest.segments) });
  const json = Buffer.from(JSON.stringify(manifest));
  await options.store.put(`${options.objectPrefix}manifest.json`, json, { contentType: 'application/json' });
  return media;
}

export async function finishFiles(options: FinishFilesOptions): Promise<FinishedMedia[]> {
  const { segments, readSegment, store, objectPrefix } = options;
  const media: FinishedMedia[] = [];
  for (const file of await planFiles(segments, readSegment)) {
    const nth = media.filter((made) => made.medium === file.medium).length + 1;
    const name = `${file.medium}${nth === 1 ? '' : `-${nth}`}.${file.container}`;
    const contentType = contentTypeOf(file.container, file.video !== undefined);
    const times = timesOf(file);
    const written = await writeFile(file, name, contentType, times, options);
    await expectStored(store, `${objectPrefix}${name}`, written.sizeBytes);
    media.push({
      medium: file.medium,
      key: `${objectPrefix}${name}`,
      contentType,
      sizeBytes: written.sizeBytes,
      sha256: written.sha256,
      durationMs: times.durationMs,
      startMs: times.startMs,
    });
  }
  return media;
}

async function expectStored(store: ObjectStore, key: string, sizeBytes: number): Promise<void> {
  const stored = await store.head(key);
  if (stored?.sizeBytes === sizeBytes) return;
  const has = stored ? `has ${stored.sizeBytes} of its ${sizeBytes} bytes` : 'does not have it';
  throw new StorageError('invalid', `${store.description} took ${key} and ${has}.`, true);
}

async function writeFile(
  file: PlannedFile,
  name: string,
  contentType: string,
  times: FileTimes,
  { readSegment, store, objectPrefix, signal }: FinishFilesOptions,
): Promise<WrittenFile> {
  const expectedBytes = file.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  const writer = await store.openWriter(`${objectPrefix}${name}`, { contentType, expectedBytes, signal });
  try {
    const output = new OutputFile(writer, new FileCheck(name, file.container));
    const write = file.container === 'webm' ? writeWebmFile : writeMp4File;
    await write(file, times, readSegment, output, signal);
    return await output.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** A file begins with its first frame, on a whole millisecond, which both containers can say. */
function timesOf(file: PlannedFile): FileTimes {
  let startMicros = Number.POSITIVE_INFINITY;
  let endMicros = 0;
  for (const segment of file.segments) {
    startMicros = Math.min(startMicros, segment.startMicros);
    endMicros = Math.max(endMicros, segment.endMicros);
  }
  const startMs = Math.floor(startMicros / 1000);
  return { startMs, durationMs: Math.max(0, Math.round(endMicros / 1000) - startMs) };
}
