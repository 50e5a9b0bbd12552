/**
 * A recording that several attempts made, or one that did not finish → a finalise task for whoever is free.
 *
 * 1. Every attempt has stored what it has, or a minute has passed since it ended.
 * 2. What is to be joined is written into the store, below the prefix of the attempt that will do it.
 * 3. That attempt is queued, unless something changed meanwhile.
 *
 * Whatever breaks in between, the recording stays `finalising` with its newest attempt ended: it is found again.
 */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../db/client.ts';
import { listRecordingSegments } from '../../db/queries/list-segments.ts';
import { listUnownedRecordings } from '../../db/queries/list-unowned-recordings.ts';
import { type LockedRecording, lockWithAttempts } from '../../db/queries/lock-recording.ts';
import { updateRecording } from '../../db/queries/update-recording.ts';
import type { JoinManifest } from '../../recorder/contract/join-manifest.ts';
import { alone } from './alone.ts';
import type { Control } from './control.ts';
import { describeError } from './http/describe-error.ts';
import { queueInPool } from './launcher/pool.ts';
import { placeAttempts } from './merge-attempts.ts';
import { joinManifestKeyOf } from './object-prefix.ts';
import { isFinal } from './present-recording.ts';
import { recordEvents } from './record-events.ts';
import { JOIN_RETRY_DELAY_MOST_MS, JOIN_RETRY_DELAY_MS, SALVAGE_PATIENCE_MS } from './timing.ts';

/** After the answer to whoever reported. What does not fit is found by the reconciler. */
export function joinSoon(control: Control, recordingId: string): void {
  control.tasks.add('join', async () => {
    await joinAttempts(control, recordingId);
  });
}

/** All that wait for it, in one process at a time. One whose store does not answer is tried again with the next call. */
export function joinWaiting(control: Control): Promise<number | undefined> {
  return alone(control, 'join', () => joinUnowned(control));
}

async function joinUnowned(control: Control): Promise<number> {
  let queued = 0;
  for (const recordingId of await listUnownedRecordings(control.database.db)) {
    try {
      if (await joinAttempts(control, recordingId)) queued += 1;
    } catch (error) {
      control.log.warn({ recordingId, error: describeError(error) }, 'join.waits, will be tried again');
      // The others have the same store.
      return queued;
    }
  }
  return queued;
}

/** True when a task was queued. */
export async function joinAttempts(control: Control, recordingId: string): Promise<boolean> {
  const { db } = control.database;
  const plan = await db.transaction((transaction) => planJoining(transaction, recordingId));
  if (!plan) return false;
  const attemptId = randomUUID();
  const bytes = Buffer.from(JSON.stringify(plan.manifest));
  await control.store.put(joinManifestKeyOf(recordingId, attemptId), bytes, { contentType: 'application/json' });
  return db.transaction(async (transaction) => {
    const locked = await lockWithAttempts(transaction, recordingId);
    if (!locked || !mayJoin(locked) || locked.recording.epoch !== plan.epoch) return false;
    const epoch = plan.epoch + 1;
    const segments = plan.manifest.attempts.reduce((sum, attempt) => sum + attempt.segments.length, 0);
    await queueInPool(transaction, { recordingId, epoch, delayMs: plan.delayMs, joins: { attemptId, segments } });
    await recordEvents(transaction, [await updateRecording(transaction, recordingId, { status: 'finalising', epoch })]);
    control.log.info({ recordingId, attemptId, segments }, 'join.queued');
    return true;
  });
}

interface JoinPlan {
  epoch: number;
  delayMs: number;
  manifest: JoinManifest;
}

/** Undefined: not now, or there is nothing to join (then the recording is over). */
async function planJoining(db: Queryable, recordingId: string): Promise<JoinPlan | undefined> {
  const locked = await lockWithAttempts(db, recordingId);
  if (!locked || !mayJoin(locked)) return undefined;
  const { recording, attempts, now } = locked;
  const salvageUntil = now.getTime() - SALVAGE_PATIENCE_MS;
  const isWaiting = attempts.some((one) => one.segmentsPending > 0 && (one.endedAt?.getTime() ?? 0) > salvageUntil);
  if (isWaiting) return undefined;
  const segments = await listRecordingSegments(db, recordingId);
  if (segments.length === 0) {
    const error = recording.error ?? { reason: 'recording.lost', message: 'Nothing of it had been stored.' };
    await recordEvents(db, [await updateRecording(db, recordingId, { status: 'failed', error })]);
    return undefined;
  }
  const placed = placeAttempts(attempts);
  const failures = attempts.filter((one) => one.kind === 'finalise' && one.outcome?.kind !== 'finished').length;
  return {
    epoch: recording.epoch,
    delayMs: failures === 0 ? 0 : Math.min(JOIN_RETRY_DELAY_MOST_MS, JOIN_RETRY_DELAY_MS * 5 ** (failures - 1)),
    manifest: {
      recordingId,
      attempts: placed.flatMap(({ attempt, offsetMicros }) => {
        const own = segments.filter((segment) => segment.attemptId === attempt.id);
        if (own.length === 0) return [];
        return [{ attemptId: attempt.id, offsetMicros, segments: own.map(({ attemptId: _, ...segment }) => segment) }];
      }),
    },
  };
}

/** It is not over, and nobody works on it or waits to. */
function mayJoin({ recording, attempts }: LockedRecording): boolean {
  const newest = attempts.find((one) => one.epoch === recording.epoch);
  return !isFinal(recording.status) && (newest === undefined || newest.state === 'ended');
}
