/** Recordings of a worker: begun through the report contract, stopped by command, and compared with what was published. */
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { PublishedTrack } from '../../infra/publisher/published-track.ts';
import type { Outcome } from '../../recorder/contract/report.ts';
import type { RecordTask } from '../../recorder/contract/task-spec.ts';
import type { BenchRig, Worker } from './bench-rig.ts';
import { compareFile } from './compare-frames.ts';

/** Joins are spread, as people are. */
const TASKS_AT_ONCE = 5;
const BETWEEN_TASKS_MS = 200;
const RECORDING_WITHIN_MS = 60_000;
const READY_WITHIN_MS = 120_000;

export interface Published {
  video?: PublishedTrack;
  audio?: PublishedTrack;
}

/** Over all recordings. */
export interface ComparedRecordings {
  sentVideo: number;
  missingVideo: number;
  /** Of simulcast, before the highest layer came. */
  lowerLayers: number;
  sentAudio: number;
  missingAudio: number;
  unexpected: number;
  /** The worst of any picture: see compare-frames.ts. */
  worstTimingMs: number;
  settledTimingMs: number;
}

export interface StartOptions {
  /** By which way, when not directly. */
  livekitUrl?: string;
  withinMs?: number;
}

/** Resolves when all of them record. */
export async function startRecordings(
  rig: BenchRig,
  worker: Worker,
  target: { room: string; identity: string },
  count: number,
  { livekitUrl, withinMs = RECORDING_WITHIN_MS }: StartOptions = {},
): Promise<RecordTask[]> {
  const tasks = await Promise.all(
    Array.from({ length: count }, () => rig.task(target.room, target.identity, livekitUrl)),
  );
  for (let from = 0; from < count; from += TASKS_AT_ONCE) {
    worker.controlPlane.give(tasks.slice(from, from + TASKS_AT_ONCE));
    if (from + TASKS_AT_ONCE < count) await delay(BETWEEN_TASKS_MS);
  }
  const { attempts } = worker.controlPlane;
  const recording = () => tasks.every(({ attemptId }) => attempts.get(attemptId)?.firstSeenMs.recording !== undefined);
  await worker.controlPlane.until(recording, withinMs, `${count} recordings that have begun`);
  return tasks;
}

export async function stopRecordings({ controlPlane }: Worker, tasks: readonly RecordTask[]): Promise<Outcome[]> {
  for (const { attemptId } of tasks) controlPlane.command(attemptId, 'stop');
  const outcomes = () => tasks.flatMap(({ attemptId }) => controlPlane.attempts.get(attemptId)?.report.outcome ?? []);
  await controlPlane.until(() => outcomes().length === tasks.length, READY_WITHIN_MS, `${tasks.length} finished files`);
  return outcomes();
}

/** The finished file of an outcome that should be one, and no longer in the store. */
export async function takeFile(rig: BenchRig, outcome: Outcome): Promise<Uint8Array> {
  const [media] = outcome.kind === 'finished' ? outcome.media : [];
  if (!media) throw new Error(`A recording did not end well: ${JSON.stringify(outcome)}`);
  const bytes = await buffer(await rig.store.read(media.key));
  await rig.store.delete([media.key]);
  return bytes;
}

export async function compareRecordings(
  rig: BenchRig,
  outcomes: readonly Outcome[],
  published: Published,
): Promise<ComparedRecordings> {
  const total: ComparedRecordings = {
    sentVideo: 0,
    missingVideo: 0,
    lowerLayers: 0,
    sentAudio: 0,
    missingAudio: 0,
    unexpected: 0,
    worstTimingMs: 0,
    settledTimingMs: 0,
  };
  for (const outcome of outcomes) {
    const { video, audio, lowerLayers } = await compareFile(await takeFile(rig, outcome), published);
    total.lowerLayers += lowerLayers;
    total.sentVideo += video?.sent ?? 0;
    total.missingVideo += video?.missing ?? 0;
    total.sentAudio += audio?.sent ?? 0;
    total.missingAudio += audio?.missing ?? 0;
    total.unexpected += (video?.unexpected ?? 0) + (audio?.unexpected ?? 0);
    total.worstTimingMs = Math.max(total.worstTimingMs, video?.worstTimingMs ?? 0);
    total.settledTimingMs = Math.max(total.settledTimingMs, video?.settledTimingMs ?? 0);
  }
  return total;
}
