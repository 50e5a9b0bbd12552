/**
 * Stage: finalise. Makes finished, seekable files from the segments of an attempt.
 *
 * In:  the manifest, and a way to read segments (from the spool or from the store).
 * Out: files in the store under `<objectPrefix><medium>.<webm|mp4>`, and `manifest.json` beside them.
 * Order: camera before screen, each from its first segment to its last.
 * Nothing is dropped: every frame of every segment is in the file, with the bytes and the time it had. A segment that
 * cannot be read is a TaskError.
 *
 * Nothing is decoded or encoded, and a frame is not even looked at: clusters and media data are copied, only indexes
 * are made. Memory does not grow with the length, but for a few bytes of index per frame in MP4. Idempotent: the same
 * segments make the same bytes under the same keys, so it can be repeated by anyone after a crash.
 *
 * If one container cannot hold a medium (its codec changed), the rest is `<medium>-2.<ext>` and so on, in order.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../storage/object-store.ts';
import {
  contentTypeOf,
  type FinishedMedia,
  type RecordingManifest,
  recordingManifestSchema,
} from '../contract/media.ts';
import { writeMp4File } from './mp4-file.ts';
import { OutputFile, type WrittenFile } from './output-file.ts';
import { type PlannedFile, planFiles } from './plan-files.ts';
import type { ReadSegment } from './read-segments.ts';
import { type FileTimes, writeWebmFile } from './webm-file.ts';

export interface FinaliseOptions {
  manifest: RecordingManifest;
  readSegment: ReadSegment;
  /** An existing folder of this attempt; files in it are gone afterwards. */
  workDir: string;
  store: ObjectStore;
  /** Ends with "/". */
  objectPrefix: string;
  signal?: AbortSignal;
}

export async function finalise(options: FinaliseOptions): Promise<FinishedMedia[]> {
  const { manifest, readSegment, store, objectPrefix, signal } = options;
  const media: FinishedMedia[] = [];
  for (const file of await planFiles(manifest.segments, readSegment)) {
    const nth = media.filter((made) => made.medium === file.medium).length + 1;
    const name = `${file.medium}${nth === 1 ? '' : `-${nth}`}.${file.container}`;
    const contentType = contentTypeOf(file.container, file.video !== undefined);
    const times = timesOf(file);
    const written = await writeFile(file, times, join(options.workDir, `finished-${name}`), options);
    try {
      await store.putFile(`${objectPrefix}${name}`, written.path, { contentType, signal });
    } finally {
      await rm(written.path, { force: true });
    }
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
  // What the manifest does not name, such as local paths, stays here.
  const json = Buffer.from(JSON.stringify(recordingManifestSchema.parse(manifest)));
  await store.put(`${objectPrefix}manifest.json`, json, { contentType: 'application/json' });
  return media;
}

async function writeFile(
  file: PlannedFile,
  times: FileTimes,
  path: string,
  { readSegment, signal }: FinaliseOptions,
): Promise<WrittenFile> {
  const output = await OutputFile.create(path);
  const write = file.container === 'webm' ? writeWebmFile : writeMp4File;
  try {
    await write(file, times, readSegment, output, signal);
    return await output.finish();
  } catch (error) {
    await output.abort();
    await rm(path, { force: true });
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
