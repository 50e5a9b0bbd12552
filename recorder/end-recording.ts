/**
 * What becomes of a recording whose capture has ended.
 *
 * One that ended as it should is completed: all its segments and its finished files are in the store when the outcome is there.
 * One that failed, was taken over or handed over says so at once (`onFailed`), so that another attempt can go on, and then stores
 * what it captured (salvage): the control plane has the attempts joined. It makes no finished file. One that is discarded stores
 * nothing more.
 */
import type { Logger } from 'pino';
import type { ObjectStore } from '../storage/object-store.ts';
import type { CapturedSegments } from './captured-segments.ts';
import { completeRecording } from './complete-recording.ts';
import type { RecordingManifest } from './contract/media.ts';
import type { Outcome } from './contract/report.ts';
import type { RecordingJournal } from './journal/recording-journal.ts';
import type { Lease } from './lease.ts';
import {
  abandonedError,
  discardedError,
  type Ending,
  type FailedOutcome,
  failedOutcome,
  outcomeOf,
} from './recording-outcome.ts';
import { TaskError } from './task-error.ts';
import { timeLimit } from './time-limit.ts';

export interface EndRecordingOptions {
  ending: Ending;
  /** What the manifest says beside the segments. */
  facts: Omit<RecordingManifest, 'segments'>;
  segments: CapturedSegments;
  journal: RecordingJournal;
  store: ObjectStore;
  lease: Lease;
  /** How long a store that fails is tried; undefined: for ever. */
  patienceMs: number | undefined;
  /** Aborted when another attempt owns the recording. */
  superseded: AbortSignal;
  /** Aborted when nobody wants the recording any more. */
  discarded: AbortSignal;
  onFailed(outcome: FailedOutcome): void;
  log: Pick<Logger, 'warn'>;
}

export async function endRecording(options: EndRecordingOptions): Promise<Outcome> {
  const { segments, journal, log } = options;
  try {
    return await complete(options);
  } catch (error) {
    const outcome = failedOutcome(whyFailed(error, options));
    if (!(error instanceof TaskError)) log.warn({ error }, 'recording.broke-off');
    options.onFailed(outcome);
    await salvage(options);
    return outcome;
  } finally {
    segments.uploader.close();
    await journal.close().catch((error: unknown) => log.warn({ error }, 'journal.not-closed'));
  }
}

async function complete(options: EndRecordingOptions): Promise<Outcome> {
  const { ending, journal, log } = options;
  if (ending.kind === 'failed') throw ending.error;
  const signal = AbortSignal.any([options.superseded, options.discarded]);
  await options.lease.held(signal);
  const outcome = outcomeOf(ending, await completeRecording({ ...options, signal }));
  // On a disk that is full the outcome is told all the same.
  await journal.conclude(outcome).catch((error: unknown) => log.warn({ error }, 'journal.not-concluded'));
  return outcome;
}

function whyFailed(error: unknown, { superseded, discarded }: EndRecordingOptions): unknown {
  if (discarded.aborted) return discardedError();
  return superseded.aborted ? abandonedError() : error;
}

async function salvage({ segments, patienceMs, discarded, log }: EndRecordingOptions): Promise<void> {
  const signal = timeLimit(patienceMs, discarded);
  await segments.uploader.drain(signal, patienceMs === undefined).catch((error: unknown) => {
    if (!discarded.aborted) log.warn({ error }, 'recording.not-salvaged');
  });
}
