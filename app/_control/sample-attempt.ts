/**
 * How an attempt went over time, for the graphs of its recording: of the reports that come every second one in a few seconds is
 * kept. When there are too many, every second one goes and from then on half as many come: a recording has
 * between 150 and 300 however long it is, and what is written for it gets less.
 */
import type { Queryable } from '../../db/client.ts';
import { insertSample, thinSamples } from '../../db/queries/write-samples.ts';
import type { AttemptRow, SampleRow } from '../../db/schema.ts';

export const MOST_SAMPLES = 300;
const SHORTEST_INTERVAL_MS = 5_000;

/** @param before of the report that is being applied; @param after with it */
export async function sampleAttempt(db: Queryable, before: AttemptRow, after: AttemptRow): Promise<void> {
  const beforeMs = before.stats?.durationMs ?? 0;
  const nowMs = after.stats?.durationMs ?? 0;
  const intervalMs = sampleIntervalMs(nowMs);
  if (nowMs <= beforeMs || Math.floor(beforeMs / intervalMs) === Math.floor(nowMs / intervalMs)) return;
  await insertSample(db, sampleOf(after, nowMs));
  if (intervalMs > sampleIntervalMs(beforeMs)) await thinSamples(db, after.id, intervalMs);
}

export function sampleIntervalMs(durationMs: number): number {
  let intervalMs = SHORTEST_INTERVAL_MS;
  while (durationMs / intervalMs >= MOST_SAMPLES) intervalMs *= 2;
  return intervalMs;
}

function sampleOf({ id, tracks, stats }: AttemptRow, atMs: number): SampleRow {
  const sum = (count: (track: AttemptRow['tracks'][number]) => number) =>
    tracks.reduce((total, track) => total + count(track), 0);
  return {
    attemptId: id,
    atMs,
    sizeBytes: sum((track) => track.sizeBytes),
    videoFrames: sum((track) => (track.kind === 'video' ? track.frames : 0)),
    packetsReceived: sum((track) => track.packetsReceived),
    packetsLost: sum((track) => track.packetsLost),
    packetsRepaired: sum((track) => track.packetsRepaired),
    roundTripMs: stats?.roundTripMs ?? null,
    jitterMs: stats?.jitterMs ?? null,
  };
}
