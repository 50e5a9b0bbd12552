/** What is kept of how a recording went → the `History` of the API. */
import { findRecording } from '../../db/queries/find-recording.ts';
import { listAttempts } from '../../db/queries/list-attempts.ts';
import { listStatusChanges } from '../../db/queries/list-status-changes.ts';
import { listPreviews } from '../../db/queries/write-previews.ts';
import { listSamples } from '../../db/queries/write-samples.ts';
import type { AttemptRow, SampleRow } from '../../db/schema.ts';
import { listActionsOfRecording } from './actions.ts';
import type { Control } from './control.ts';
import type { History } from './history-api.ts';
import { placeAttempts } from './merge-attempts.ts';
import { notFound } from './problem-error.ts';
import { MOST_SAMPLES } from './sample-attempt.ts';

const MOST_EVENTS = 500;

type Sample = History['samples'][number];

export async function getHistory(control: Control, id: string): Promise<History> {
  const { db } = control.database;
  if (!(await findRecording(db, id))) throw notFound('recording');
  const [attempts, samples, changes, [previews], actions] = await Promise.all([
    listAttempts(db, [id]),
    listSamples(db, id),
    listStatusChanges(db, id, MOST_EVENTS),
    listPreviews(db, [id]),
    listActionsOfRecording(control, id),
  ]);
  const offsets = new Map(placeAttempts(attempts).map((one) => [one.attempt.id, one.offsetMicros / 1000]));
  return {
    samples: presentSamples(samples, offsets),
    attempts: attempts.map((attempt) => presentAttempt(attempt, offsets.get(attempt.id))),
    events: changes.map(({ at, status }) => ({ at: at.toISOString(), status })),
    actions,
    previews: previews ? { state: previews.state, message: previews.error } : null,
  };
}

function presentAttempt(attempt: AttemptRow, offsetMs: number | undefined): History['attempts'][number] {
  const { id, kind, state, outcome } = attempt;
  return {
    id,
    kind,
    state,
    queuedAt: attempt.createdAt.toISOString(),
    claimedAt: attempt.claimedAt?.toISOString() ?? null,
    endedAt: attempt.endedAt?.toISOString() ?? null,
    startMs: offsetMs === undefined ? null : Math.round(offsetMs),
    outcome: outcome?.kind ?? null,
    message: outcome && outcome.kind !== 'finished' ? outcome.message : null,
  };
}

/** @param offsets where each attempt's time 0 lies on the recording's clock, in milliseconds */
export function presentSamples(rows: readonly SampleRow[], offsets: ReadonlyMap<string, number>): Sample[] {
  const samples: Sample[] = [];
  for (const [attemptId, offsetMs] of offsets) {
    const own = rows.filter((row) => row.attemptId === attemptId);
    // Several attempts have as many points together as one has at most.
    const step = Math.ceil(rows.length / MOST_SAMPLES);
    const kept = own.filter((_, index) => index % step === step - 1 || index === own.length - 1);
    let before = nothingYet;
    for (const row of kept) {
      samples.push(rateBetween(before, row, offsetMs));
      before = row;
    }
  }
  return samples.slice(0, MOST_SAMPLES);
}

const nothingYet = { atMs: 0, sizeBytes: 0, videoFrames: 0, packetsReceived: 0, packetsLost: 0, packetsRepaired: 0 };

function rateBetween(before: typeof nothingYet, row: SampleRow, offsetMs: number): Sample {
  const seconds = Math.max(1, row.atMs - before.atMs) / 1000;
  const lost = row.packetsLost - before.packetsLost;
  const repaired = row.packetsRepaired - before.packetsRepaired;
  const packets = row.packetsReceived - before.packetsReceived + lost;
  return {
    atMs: Math.round(offsetMs + row.atMs),
    bitrateBps: Math.max(0, Math.round(((row.sizeBytes - before.sizeBytes) * 8) / seconds)),
    framesPerSecond: Math.max(0, Math.round(((row.videoFrames - before.videoFrames) / seconds) * 10) / 10),
    lostPercent: percent(lost, packets),
    repairedPercent: percent(repaired, packets),
    roundTripMs: row.roundTripMs,
    jitterMs: row.jitterMs,
  };
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((Math.max(0, part) / whole) * 10_000) / 100;
}
