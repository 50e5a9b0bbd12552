/**
 * The last stage of a recording: everything that was captured goes into the store, as segments and as finished files,
 * and the spool is emptied.
 *
 * Both go on at the same time. A store that fails is tried again until patience ends, since what was captured is safe in
 * the spool; then this rejects, and the spool stays.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type ObjectStore, StorageError } from '../storage/object-store.ts';
import type { CapturedSegments } from './captured-segments.ts';
import type { FinishedMedia, RecordingManifest } from './contract/media.ts';
import { finalise } from './finalise/finalise.ts';
import type { RecordingJournal } from './journal/recording-journal.ts';
import { readSpooledSegment } from './read-spooled-segment.ts';
import { TaskError } from './task-error.ts';
import { BackOff } from './upload/back-off.ts';

const FIRST_RETRY_MS = 500;
const MOST_RETRY_MS = 15_000;

export interface CompleteRecordingOptions {
  manifest: RecordingManifest;
  segments: CapturedSegments;
  journal: RecordingJournal;
  store: ObjectStore;
  patienceMs: number;
  /** Aborted when nobody wants the recording any more. */
  signal: AbortSignal;
}

export async function completeRecording(options: CompleteRecordingOptions): Promise<FinishedMedia[]> {
  const { segments, journal } = options;
  const either = new AbortController();
  const signal = AbortSignal.any([options.signal, either.signal, AbortSignal.timeout(options.patienceMs)]);
  const finalising = finaliseUntilStored(options, signal);
  const uploading = segments.uploader.drain(signal);
  try {
    const [media] = await Promise.all([finalising, uploading]);
    await journal.remove();
    return media;
  } catch (error) {
    // What the other one still writes must not be written any more when the spool is let go of.
    either.abort();
    await Promise.allSettled([finalising, uploading]);
    await journal.close();
    throw error;
  } finally {
    segments.uploader.close();
  }
}

async function finaliseUntilStored(options: CompleteRecordingOptions, signal: AbortSignal): Promise<FinishedMedia[]> {
  const { manifest, segments, journal, store } = options;
  if (manifest.segments.length === 0) return [];
  const readSegment = readSpooledSegment(segments.spooled, store);
  const { objectPrefix } = journal.owner;
  const backOff = new BackOff(FIRST_RETRY_MS, MOST_RETRY_MS);
  for (;;) {
    try {
      return await finalise({ manifest, readSegment, workDir: journal.folder, store, objectPrefix, signal });
    } catch (error) {
      const isPassing = error instanceof StorageError && error.retryable;
      if (!isPassing || signal.aborted) throw toTaskError(error);
      await delay(backOff.nextMs(), undefined, { signal }).catch(() => {
        throw toTaskError(error);
      });
    }
  }
}

function toTaskError(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  return new TaskError(`store.${error.reason}`, error.message, 'destination', error.retryable, { cause: error });
}
