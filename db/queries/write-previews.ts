import { and, eq, inArray, lt, lte, sql } from 'drizzle-orm';
import type { PreviewOutcome } from '../../recorder/contract/previews.ts';
import type { Queryable } from '../client.ts';
import { notify } from '../notices.ts';
import { type PreviewRow, previews, type RecordingRow, recordings } from '../schema.ts';

/** To be made for a recording that is ready. */
export async function queuePreviews(db: Queryable, recordingId: string): Promise<void> {
  await db.insert(previews).values({ recordingId }).onConflictDoNothing();
  await notify(db, 'recorder_tasks', recordingId);
}

/**
 * The one that has waited longest, for whoever asks: it is theirs for `limitMs`. One that nobody brought back in `mostTries` tries
 * is given up here.
 */
export async function claimPreviews(
  db: Queryable,
  claim: { limitMs: number; mostTries: number },
): Promise<{ recording: RecordingRow; turn: number } | undefined> {
  await db
    .update(previews)
    .set({ state: 'failed', error: sql`coalesce(${previews.error}, 'The workers that made it died.')` })
    .where(
      and(
        eq(previews.state, 'waiting'),
        lt(previews.availableAt, sql`now()`),
        sql`${previews.tries} >= ${claim.mostTries}`,
      ),
    );
  const [found] = await db
    .select({ recording: recordings, tries: previews.tries })
    .from(previews)
    .innerJoin(recordings, eq(recordings.id, previews.recordingId))
    .where(
      and(
        eq(previews.state, 'waiting'),
        lte(previews.availableAt, sql`now()`),
        eq(recordings.status, 'ready'),
        sql`${recordings.deletedAt} is null`,
      ),
    )
    .orderBy(previews.availableAt)
    .limit(1)
    .for('update', { of: previews, skipLocked: true });
  if (!found) return undefined;
  const turn = found.tries + 1;
  await db
    .update(previews)
    .set({ tries: turn, availableAt: sql`now() + ${claim.limitMs} * interval '1 millisecond'` })
    .where(eq(previews.recordingId, found.recording.id));
  return { recording: found.recording, turn };
}

export interface PreviewRetry {
  mostTries: number;
  delayMs: number;
  /** While the store is away: twice as long each time, up to the second. */
  storeDelayMs: number;
  storeDelayMostMs: number;
}

/** What became of a turn. False: it is not its turn any more. */
export async function settlePreviews(
  db: Queryable,
  { recordingId, turn, outcome }: { recordingId: string; turn: number; outcome: PreviewOutcome },
  retry: PreviewRetry,
): Promise<boolean> {
  const rows = await db
    .update(previews)
    .set(changeOf(turn, outcome, retry))
    .where(and(eq(previews.recordingId, recordingId), eq(previews.state, 'waiting'), eq(previews.tries, turn)))
    .returning({ id: previews.recordingId });
  return rows.length > 0;
}

function changeOf(turn: number, outcome: PreviewOutcome, retry: PreviewRetry) {
  const { kind } = outcome;
  if (kind === 'made') {
    const { poster, storyboard } = outcome;
    return { state: 'ready' as const, poster, storyboard, error: null, madeAt: sql`now()` };
  }
  if (kind === 'given-back') return { tries: turn - 1, availableAt: sql`now()` };
  const { message: error } = outcome;
  if (outcome.isStoreAway) {
    // The exponent is bounded, or a year of it would be more than a number holds.
    const delayMs = sql`least(${retry.storeDelayMostMs}, ${retry.storeDelayMs} * 2 ^ least(${previews.storeFailures}, 30))`;
    return {
      error,
      tries: turn - 1,
      storeFailures: sql`${previews.storeFailures} + 1`,
      availableAt: sql`now() + ${delayMs} * interval '1 millisecond'`,
    };
  }
  if (turn >= retry.mostTries) return { state: 'failed' as const, error };
  return { error, availableAt: sql`now() + ${retry.delayMs} * interval '1 millisecond'` };
}

/** Of these recordings, those that have or had something to be made. */
export async function listPreviews(db: Queryable, recordingIds: readonly string[]): Promise<PreviewRow[]> {
  if (recordingIds.length === 0) return [];
  return db
    .select()
    .from(previews)
    .where(inArray(previews.recordingId, [...recordingIds]));
}
