/**
 * The last stage of a recording that ended as it should: everything that was captured goes into the store, as segments and as
 * finished files. The spool stays until the control plane knows it (`Recording.release`).
 *
 * Both go on at the same time. A store that fails is tried again for as long as it takes, or until patience ends: what was captured is
 * safe in the spool.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type ObjectStore, StorageError } from '../storage/object-store.ts';
import type { CapturedSegments } from './captured-segments.ts';
import type { FinishedMedia, RecordingManifest } from './contract/media.ts';
import { finalise } from './finalise/finalise.ts';
import type { RecordingJournal } from './journal/recording-journal.ts';
import { readSpooledSegment } from './read-spooled-segment.ts';
import { mayPass, storeTaskError } from './store-failure.ts';
import { timeLimit } from './time-limit.ts';
import { BackOff } from './upload/back-off.ts';

const FIRST_RETRY_MS = 500;
const MOST_RETRY_MS = 15_000;

export interface CompleteRecordingOptions {
  /** What the manifest says beside the segments, which the journal knows. */
  facts: Omit<RecordingManifest, 'segments'>;
  segments: CapturedSegments;
  journal: RecordingJournal;
  store: ObjectStore;
  /** Undefined: for ever. Else a failure that does not pass by itself ends it at once, any other after this time. */
  patienceMs: number | undefined;
  /** Aborted when there is to be no finished file. */
  signal: AbortSignal;
}

export async function completeRecording(options: CompleteRecordingOptions): Promise<FinishedMedia[]> {
  const { segments, patienceMs } = options;
  const either = new AbortController();
  const signal = timeLimit(patienceMs, options.signal, either.signal);
  const uploading = segments.uploader.drain(signal, patienceMs === undefined);
  const finalising = finaliseUntilStored(options, signal, uploading);
  try {
    const [media] = await Promise.all([finalising, uploading]);
    return media;
  } catch (error) {
    // What the other one still writes must not be written any more when the spool is let go of.
    either.abort();
    await Promise.allSettled([finalising, uploading]);
    throw error;
  }
}

async function finaliseUntilStored(
  options: CompleteRecordingOptions,
  signal: AbortSignal,
  uploading: Promise<void>,
): Promise<FinishedMedia[]> {
  const { facts, segments, journal, store, patienceMs } = options;
  const readSegment = readSpooledSegment(journal, store);
  const { objectPrefix } = journal.owner;
  const backOff = new BackOff(FIRST_RETRY_MS, MOST_RETRY_MS);
  for (;;) {
    try {
      const manifest = { ...facts, segments: await journal.segments() };
      if (manifest.segments.length === 0) return [];
      return await finalise({
        manifest,
        readSegment,
        store,
        objectPrefix,
        signal,
      });
    } catch (error) {
      const isPassing = error instanceof StorageError && (patienceMs === undefined ? mayPass(error) : error.retryable);
      if (!isPassing || signal.aborted) throw toTaskError(error);
      segments.noteFinishTrouble(error.message);
      // Segments are small: when they get through it is time for the large file, which would be written in vain before.
      await uploading.catch(() => {});
      await delay(backOff.nextMs(), undefined, { signal }).catch(() => {
        throw toTaskError(error);
      });
      segments.noteFinishTrouble(undefined);
    }
  }
}

function toTaskError(error: unknown): unknown {
  return error instanceof StorageError ? storeTaskError(error) : error;
}
