/** A preview task → what became of it, whatever happens: within its time, and given back when the worker ends. */
import type { Logger } from 'pino';
import { type ObjectStore, StorageError } from '../../storage/object-store.ts';
import type { PreviewOutcome, PreviewTask } from '../contract/previews.ts';
import { mayPass } from '../store-failure.ts';
import { timeLimit } from '../time-limit.ts';
import { makePreviews } from './make-previews.ts';

/** Of its time, for telling the outcome before another worker is given the task. */
const TELLING_MS = 30_000;
const LONGEST_MESSAGE = 500;

export interface PreviewMakerOptions {
  ffmpeg: string;
  store: Promise<ObjectStore>;
  log: Logger;
}

export type MakePreview = (task: PreviewTask, stopping: AbortSignal) => Promise<PreviewOutcome>;

export function previewMaker({ ffmpeg, store, log }: PreviewMakerOptions): MakePreview {
  return async (task, stopping) => {
    const beganMs = performance.now();
    const { recordingId, turn } = task;
    const signal = timeLimit(Math.max(0, task.limitMs - TELLING_MS), stopping);
    try {
      const made = await makePreviews({ task, ffmpeg, store: await store, signal });
      const tookMs = Math.round(performance.now() - beganMs);
      log.info({ recordingId, tookMs, tiles: made.storyboard.tiles }, 'previews.made');
      return made;
    } catch (error) {
      if (stopping.aborted) return { kind: 'given-back' };
      const message = (error as Error).message.slice(0, LONGEST_MESSAGE);
      log.warn({ recordingId, turn, reason: message }, 'previews.failed');
      return { kind: 'failed', message, isStoreAway: error instanceof StorageError && mayPass(error) };
    }
  };
}
