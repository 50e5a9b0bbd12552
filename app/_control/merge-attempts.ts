/**
 * The facts of a recording from those of its attempts, each of which has a clock of its own that starts with its first
 * frame. The recording's clock is that of the first attempt with media.
 *
 * Where a later attempt lies on it is told by the publisher's own clock when both attempts heard the same LiveKit session
 * and it agrees with the database's clock, else by the database's clock alone. Clocks of recorders decide nothing. Time
 * that pauses left out is not on the recording's clock.
 *
 * What an attempt has at or after the beginning of the next one with that medium is left out, as the finished file will do
 * (a recorder that was thought dead may have gone on for a while). Between two attempts nobody recorded: a gap.
 */
import type { AttemptRow } from '../../db/schema.ts';
import { type Gap, type Medium, mediumSchema, type TrackSummary } from '../../recorder/contract/media.ts';
import { mergeTracks } from '../../recorder/contract/merge-tracks.ts';
import type { LiveStats } from '../../recorder/contract/report.ts';

export type AttemptFacts = Pick<
  AttemptRow,
  | 'id'
  | 'kind'
  | 'state'
  | 'startedAt'
  | 'publisherZeroMicros'
  | 'participantSid'
  | 'tracks'
  | 'gaps'
  | 'stored'
  | 'segmentsPending'
  | 'stats'
>;

export interface PlacedAttempt {
  attempt: AttemptFacts;
  offsetMicros: number;
}

export interface MergedFacts {
  startedAt: Date | null;
  durationMs: number;
  sizeBytes: number;
  tracks: TrackSummary[];
  gaps: Gap[];
  /** The newest live figures, their sums over all attempts. */
  stats: LiveStats | null;
}

/** A publisher's clock that differs from the database's by more was set in between. */
const CLOCKS_AGREE_MICROS = 2_000_000;
/** As many as a report holds. */
const MOST_GAPS = 10_000;

/** @param attempts of one recording, oldest first */
export function mergeAttempts(attempts: readonly AttemptFacts[]): MergedFacts {
  const placed = placeAttempts(attempts);
  let tracks: TrackSummary[] = [];
  for (const { attempt, offsetMicros } of placed) tracks = mergeTracks(tracks, attempt.tracks, offsetMicros);
  return {
    startedAt: firstStart(placed.map(({ attempt }) => attempt)) ?? firstStart(attempts) ?? null,
    durationMs: Math.max(0, ...placed.map((one) => Math.round((one.offsetMicros + lengthOf(one.attempt)) / 1000))),
    sizeBytes: sumOf(placed, (stats) => stats.sizeBytes),
    tracks,
    gaps: mergeGaps(placed),
    stats: mergeStats(attempts, placed),
  };
}

function firstStart(attempts: readonly AttemptFacts[]): Date | null | undefined {
  return attempts.find(({ startedAt }) => startedAt)?.startedAt;
}

/** Those that recorded something, in order, on the recording's clock. */
export function placeAttempts(attempts: readonly AttemptFacts[]): PlacedAttempt[] {
  const placed: PlacedAttempt[] = [];
  for (const attempt of attempts) {
    if (attempt.kind !== 'record' || !hasMedia(attempt)) continue;
    placed.push({ attempt, offsetMicros: offsetOf(attempt, placed) });
  }
  return placed;
}

/** It is recording, or something of it is or will be in the store. */
function hasMedia(attempt: AttemptFacts): boolean {
  return hasStored(attempt) || (attempt.startedAt !== null && attempt.state !== 'ended');
}

/** Something of it is in the store, or on its way there. */
export function hasStored(attempt: Pick<AttemptFacts, 'stored' | 'segmentsPending'>): boolean {
  return Object.keys(attempt.stored).length > 0 || attempt.segmentsPending > 0;
}

function offsetOf(attempt: AttemptFacts, earlier: readonly PlacedAttempt[]): number {
  const first = earlier[0];
  const last = earlier.at(-1);
  if (!first || !last) return 0;
  const cutBefore = (end: number) => earlier.slice(0, end).reduce((sum, one) => sum + cutOf(one.attempt.gaps), 0);
  const byDatabase =
    attempt.startedAt && first.attempt.startedAt
      ? (attempt.startedAt.getTime() - first.attempt.startedAt.getTime()) * 1000 - cutBefore(earlier.length)
      : last.offsetMicros + lengthOf(last.attempt);
  const byPublisher = offsetByPublisher(attempt, earlier, cutBefore);
  const agrees = byPublisher !== undefined && Math.abs(byPublisher - byDatabase) <= CLOCKS_AGREE_MICROS;
  return Math.max(last.offsetMicros, Math.round(agrees ? byPublisher : byDatabase));
}

function offsetByPublisher(
  { publisherZeroMicros, participantSid }: AttemptFacts,
  earlier: readonly PlacedAttempt[],
  cutBefore: (end: number) => number,
): number | undefined {
  if (publisherZeroMicros === null || participantSid === null) return undefined;
  const index = earlier.findLastIndex(
    ({ attempt }) => attempt.participantSid === participantSid && attempt.publisherZeroMicros !== null,
  );
  const same = earlier[index];
  if (!same || same.attempt.publisherZeroMicros === null) return undefined;
  const cut = cutBefore(earlier.length) - cutBefore(index);
  return same.offsetMicros + publisherZeroMicros - same.attempt.publisherZeroMicros - cut;
}

/** Every track lists the same pauses. */
function cutOf(gaps: readonly Gap[]): number {
  const byTrack = new Map<string, number>();
  for (const { medium, kind, cutMicros = 0 } of gaps) {
    byTrack.set(`${medium}/${kind}`, (byTrack.get(`${medium}/${kind}`) ?? 0) + cutMicros);
  }
  return Math.max(0, ...byTrack.values());
}

/** What it captured while it runs; afterwards what of it is stored. */
function lengthOf({ state, stats, stored }: AttemptFacts): number {
  const storedMicros = Math.max(0, ...Object.values(stored).map((span) => span.toMicros));
  return state === 'ended' ? storedMicros : Math.max(storedMicros, (stats?.durationMs ?? 0) * 1000);
}

function mergeGaps(placed: readonly PlacedAttempt[]): Gap[] {
  const gaps = mediumSchema.options.flatMap((medium) =>
    (['video', 'audio'] as const).flatMap((kind) => gapsOfTrack(placed, medium, kind)),
  );
  return gaps.sort((one, other) => one.fromMicros - other.fromMicros).slice(-MOST_GAPS);
}

function gapsOfTrack(placed: readonly PlacedAttempt[], medium: Medium, kind: Gap['kind']): Gap[] {
  const having = placed.filter(({ attempt }) =>
    attempt.tracks.some((track) => track.medium === medium && track.kind === kind),
  );
  const gaps: Gap[] = [];
  for (const [index, one] of having.entries()) {
    const next = having[index + 1];
    const beginMicros = next && beginOf(next, medium);
    const endMicros = Math.min(endOf(one, medium), beginMicros ?? Number.POSITIVE_INFINITY);
    const isOver = one.attempt.state === 'ended' || next !== undefined;
    for (const gap of one.attempt.gaps) {
      if (gap.medium !== medium || gap.kind !== kind) continue;
      const fromMicros = one.offsetMicros + gap.fromMicros;
      // Still open when its recorder went: as far as anything is known.
      const isOpen = gap.toMicros === gap.fromMicros && gap.cutMicros === undefined;
      const toMicros = isOpen && isOver ? endMicros : Math.min(one.offsetMicros + gap.toMicros, limitOf(beginMicros));
      if (fromMicros < limitOf(beginMicros))
        gaps.push({ ...gap, fromMicros, toMicros: Math.max(fromMicros, toMicros) });
    }
    const againMicros = next && Math.max(limitOf(beginMicros), firstFrameOf(next, medium, kind));
    if (againMicros !== undefined && againMicros > endMicros) {
      gaps.push({ medium, kind, fromMicros: endMicros, toMicros: againMicros, reason: 'recorder-away' });
    }
  }
  return gaps;
}

const limitOf = (beginMicros: number | undefined) => beginMicros ?? Number.POSITIVE_INFINITY;

function beginOf({ attempt, offsetMicros }: PlacedAttempt, medium: Medium): number {
  return offsetMicros + (attempt.stored[medium]?.fromMicros ?? 0);
}

/** Sound begins at once, the picture with a keyframe, which may come later. */
function firstFrameOf({ attempt, offsetMicros }: PlacedAttempt, medium: Medium, kind: Gap['kind']): number {
  if (kind === 'audio') return offsetMicros;
  const pictures = attempt.tracks.filter((track) => track.medium === medium && track.kind === 'video');
  const begins = pictures.flatMap(({ resolutions }) => resolutions[0]?.fromMicros ?? []);
  return offsetMicros + (begins.length > 0 ? Math.min(...begins) : 0);
}

function endOf({ attempt, offsetMicros }: PlacedAttempt, medium: Medium): number {
  return offsetMicros + (attempt.stored[medium]?.toMicros ?? lengthOf(attempt));
}

function mergeStats(attempts: readonly AttemptFacts[], placed: readonly PlacedAttempt[]): LiveStats | null {
  const newest = attempts.filter((one) => one.kind === 'record').at(-1);
  if (!newest?.stats) return null;
  const at = placed.find(({ attempt }) => attempt.id === newest.id);
  return {
    ...newest.stats,
    durationMs: newest.stats.durationMs + Math.round((at?.offsetMicros ?? 0) / 1000),
    sizeBytes: sumOf(placed, (stats) => stats.sizeBytes),
    cutMs: sumOf(placed, (stats) => stats.cutMs ?? 0),
    packetsLost: sumOf(placed, (stats) => stats.packetsLost),
    packetsRepaired: sumOf(placed, (stats) => stats.packetsRepaired),
  };
}

function sumOf(placed: readonly PlacedAttempt[], figure: (stats: LiveStats) => number): number {
  return placed.reduce((sum, { attempt }) => sum + (attempt.stats ? figure(attempt.stats) : 0), 0);
}
