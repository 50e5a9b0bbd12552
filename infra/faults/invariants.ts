/**
 * What must hold after any fault, checked over everything that was written down: each violation is one sentence.
 *
 * 1. A recording has one current epoch: attempts follow one another, and only the newest one moves it.
 * 2. Nothing stays in a state that is not final past its time, and nothing leaves a final one.
 * 3. `ready` means: the object is there, with its size and its hash, and ffmpeg decodes all of it.
 * 4. What was lost is within the promise and listed as a gap.
 * 5. Every start that was acknowledged became a recording or a stated reason.
 * 6. No orphans: processes, objects, parts of uploads, spool folders, temporary files.
 */
import { finalStates, recordingMoves, type RecordingState as Status } from '../../db/recording-states.ts';
import type { AttemptState, Change, RecordingState } from './change-log.ts';
import type { Loss } from './loss.ts';

export interface FinishedFile {
  recordingId: string;
  key: string;
  promisedBytes: number;
  promisedSha256: string;
  /** Undefined: the object is not there. */
  bytes: number | undefined;
  sha256: string | undefined;
  /** What ffmpeg said while it decoded everything. */
  complaints: string;
  /** Of the participant it shows, when that is known. */
  loss?: Loss;
}

export interface ListedGap {
  kind: 'video' | 'audio';
  fromMs: number;
  toMs: number;
  reason: string;
}

export interface History {
  recordings: readonly Change<RecordingState>[];
  attempts: readonly Change<AttemptState>[];
  /** Ids of starts that were answered 201. */
  acknowledged: readonly string[];
  /** Of each recording, by id, as the API shows it in the end. */
  gaps: ReadonlyMap<string, readonly ListedGap[]>;
  files: readonly FinishedFile[];
  /** Keys in the store in the end, and those that a row names. */
  objects: readonly string[];
  knownObjects: ReadonlySet<string>;
  /** Of all kinds, in words. */
  leftovers: readonly string[];
}

export function violations(history: History, visibleHoleMs = VISIBLE_HOLE_MS): string[] {
  return [
    ...oneEpoch(history),
    ...finalInTime(history),
    ...readyIsReady(history),
    ...lossIsListed(history, visibleHoleMs),
    ...startsAccountedFor(history),
    ...noOrphans(history),
  ];
}

function oneEpoch({ attempts, recordings }: History): string[] {
  const found: string[] = [];
  const newest = new Map<string, { id: string; row: AttemptState }>();
  for (const changes of byTransaction(attempts)) {
    for (const { row, operation } of changes) {
      if (operation === 'DELETE') {
        newest.delete(row.id);
        continue;
      }
      const before = newest.get(row.id)?.row;
      if (before?.state === 'ended' && row.state !== 'ended') {
        found.push(`Attempt ${row.epoch} of ${row.recording_id} went on (${row.state}) after it had ended.`);
      }
      if (before?.outcome && JSON.stringify(before.outcome) !== JSON.stringify(row.outcome)) {
        found.push(`Attempt ${row.epoch} of ${row.recording_id} was given another outcome after its first.`);
      }
      newest.set(row.id, { id: row.id, row });
    }
    const open = new Map<string, AttemptState[]>();
    for (const { row } of newest.values()) {
      if (row.state !== 'ended') open.set(row.recording_id, [...(open.get(row.recording_id) ?? []), row]);
    }
    for (const [id, rows] of open) {
      if (rows.length > 1) found.push(`Recording ${id} had ${rows.length} attempts at once.`);
    }
  }
  const epochs = new Map<string, number>();
  for (const { row } of recordings) {
    if (row.epoch < (epochs.get(row.id) ?? 0))
      found.push(`The epoch of recording ${row.id} went back to ${row.epoch}.`);
    epochs.set(row.id, row.epoch);
  }
  const ofRecording = new Map<string, number[]>();
  for (const { row } of newest.values()) {
    ofRecording.set(row.recording_id, [...(ofRecording.get(row.recording_id) ?? []), row.epoch]);
  }
  for (const [id, list] of ofRecording) {
    const sorted = list.sort((a, b) => a - b);
    if (sorted.some((epoch, index) => epoch !== index + 1)) {
      found.push(`Recording ${id} has the attempts ${sorted.join(', ')}: one is doubled or missing.`);
    }
  }
  return [...new Set(found)];
}

function finalInTime({ recordings }: History): string[] {
  const found: string[] = [];
  const status = new Map<string, Status>();
  for (const { row, operation } of recordings) {
    const before = status.get(row.id);
    const after = row.status as Status;
    if (operation === 'DELETE') {
      status.delete(row.id);
      continue;
    }
    if (before && before !== after && !isReachable(before, after)) {
      found.push(`Recording ${row.id} went from ${before} to ${after}, and no legal moves lead there.`);
    }
    status.set(row.id, after);
  }
  for (const [id, last] of status) {
    if (!isFinal(last)) found.push(`Recording ${id} is still ${last} when its time is over.`);
  }
  return found;
}

function readyIsReady({ recordings, files }: History): string[] {
  const found: string[] = [];
  for (const [id, row] of lastOf(recordings)) {
    const own = files.filter((file) => file.recordingId === id);
    if (row.status === 'ready' && own.length === 0) found.push(`Recording ${id} is ready and has no file.`);
    for (const file of own) {
      const { key, promisedBytes, promisedSha256, bytes, sha256, complaints } = file;
      if (bytes === undefined) found.push(`${key} is not in the store, and recording ${id} says ${row.status}.`);
      else if (bytes !== promisedBytes) found.push(`${key} has ${bytes} bytes, not ${promisedBytes}.`);
      else if (sha256 !== promisedSha256) found.push(`${key} has another hash than its recording says.`);
      if (bytes !== undefined && complaints !== '') found.push(`${key} does not decode: ${complaints.slice(0, 300)}`);
    }
  }
  return found;
}

/** A longer hole is something that a person sees. */
export const VISIBLE_HOLE_MS = 500;
/** Where one recorder went on for another, what both captured is cut by their clocks, which agree to a few frames. */
const doubledAtSeam = 5;
/** How far the ends of a gap may be from those of the hole. */
const gapToleranceMs = 700;

function lossIsListed({ files, gaps, attempts }: History, visibleHoleMs: number): string[] {
  const found: string[] = [];
  const recorders = new Map<string, Set<string>>();
  for (const { row } of attempts) {
    if (row.kind !== 'record') continue;
    recorders.set(row.recording_id, (recorders.get(row.recording_id) ?? new Set()).add(row.id));
  }
  for (const { recordingId, loss } of files) {
    const seams = Math.max(0, (recorders.get(recordingId)?.size ?? 0) - 1);
    for (const kind of ['video', 'audio'] as const) {
      const comparison = loss?.[kind];
      if (!comparison) continue;
      if (comparison.unexpected > doubledAtSeam * seams) {
        found.push(`${comparison.unexpected} frames (${kind}) of ${recordingId} are there twice or were never sent.`);
      }
      const listed = (gaps.get(recordingId) ?? []).filter((gap) => gap.kind === kind);
      for (const { fromMs, toMs, fileFromMs, fileToMs } of comparison.holes) {
        if (toMs - fromMs < visibleHoleMs) continue;
        if (!isCovered(listed, fileFromMs, fileToMs)) {
          const where = `${(fileFromMs / 1000).toFixed(1)}–${(fileToMs / 1000).toFixed(1)} s`;
          found.push(`${kind} of ${recordingId} lacks ${where}, and no gap says so.`);
        }
      }
    }
  }
  return found;
}

/** By one gap, or by several that follow one another. */
function isCovered(gaps: readonly ListedGap[], fromMs: number, toMs: number): boolean {
  let coveredMs = fromMs + gapToleranceMs;
  for (const gap of [...gaps].sort((a, b) => a.fromMs - b.fromMs)) {
    if (gap.fromMs <= coveredMs && gap.toMs >= fromMs) coveredMs = Math.max(coveredMs, gap.toMs + gapToleranceMs);
  }
  return coveredMs >= toMs;
}

function startsAccountedFor({ acknowledged, recordings }: History): string[] {
  const last = lastOf(recordings);
  const deleted = new Set(recordings.flatMap(({ row, operation }) => (operation === 'DELETE' ? [row.id] : [])));
  return acknowledged.flatMap((id) => {
    const row = last.get(id);
    if (deleted.has(id)) return [];
    if (!row) return [`Start ${id} was acknowledged, and there is no such recording.`];
    const isSilent = (row.status === 'failed' || row.status === 'absent') && !row.error?.message;
    return isSilent ? [`Recording ${id} is ${row.status} and says no reason.`] : [];
  });
}

function noOrphans({ objects, knownObjects, leftovers }: History): string[] {
  const orphans = objects.filter((key) => !knownObjects.has(key));
  return [...orphans.map((key) => `${key} is in the store and nothing names it.`), ...leftovers];
}

function lastOf(changes: readonly Change<RecordingState>[]): Map<string, RecordingState> {
  const last = new Map<string, RecordingState>();
  for (const { row, operation } of changes) {
    if (operation === 'DELETE') last.delete(row.id);
    else last.set(row.id, row);
  }
  return last;
}

function byTransaction<Row>(changes: readonly Change<Row>[]): Change<Row>[][] {
  const groups = new Map<string, Change<Row>[]>();
  for (const change of changes) {
    const group = groups.get(change.transaction);
    if (group) group.push(change);
    else groups.set(change.transaction, [change]);
  }
  // A transaction is seen when it ends.
  return [...groups.values()].sort((a, b) => (a.at(-1)?.id ?? 0) - (b.at(-1)?.id ?? 0));
}

/** By legal moves: several of them may be made at once, when a recorder tells late what happened meanwhile. */
function isReachable(from: Status, to: Status, seen: readonly Status[] = []): boolean {
  return recordingMoves[from].some(
    (next) => next === to || (!seen.includes(next) && isReachable(next, to, [...seen, from])),
  );
}

function isFinal(status: Status): boolean {
  return (finalStates as readonly Status[]).includes(status);
}
