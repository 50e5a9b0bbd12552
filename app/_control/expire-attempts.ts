/**
 * Attempts that nobody answers for any more: every second, in every process (each row is looked at again under its lock).
 *
 * 1. The lease ran out: the recorder is gone, or cannot reach us. The recording goes on in a new attempt at once, unless
 *    its participant is gone for good; `decideNext` says what else may follow.
 * 2. It waits in the queue for somebody who has left, or for too long.
 *
 * A lease that ran out while nobody could have renewed it (this process or the database was away) does not count:
 * recorders get one lease of time to be heard again.
 */
import { notify } from '../../db/notices.ts';
import { isOverdue, listOverdueAttempts, type OverdueAttempt } from '../../db/queries/list-overdue-attempts.ts';
import { lockRecordingOfAttempt } from '../../db/queries/lock-recording.ts';
import { updateAttempt } from '../../db/queries/update-attempt.ts';
import type { AttemptRow, RecordingRow } from '../../db/schema.ts';
import type { Outcome } from '../../recorder/contract/report.ts';
import type { Control } from './control.ts';
import { endAttempt } from './end-attempt.ts';
import { joinSoon } from './join-attempts.ts';
import type { RoomsSnapshot } from './livekit/live-rooms.ts';
import { type Presence, whereIs } from './presence.ts';
import { recordEvents } from './record-events.ts';
import { LEASE_MS, QUEUE_CHECK_MS, QUEUE_PATIENCE_MS, ROOMS_REFRESH_MS } from './timing.ts';

const ROOMS_PATIENCE_MS = 2_000;

export interface Expired {
  /** Recordings that go on, or are joined. */
  goOn: number;
  /** Recordings that are over. */
  over: number;
}

/** @param steadyForMs for how long this process has been able to take reports without a break */
export async function expireAttempts(control: Control, { steadyForMs }: { steadyForMs: number }): Promise<Expired> {
  const result: Expired = { goOn: 0, over: 0 };
  const overdue = (await listOverdueAttempts(control.database.db, QUEUE_CHECK_MS)).filter(
    ({ state }) => state === 'queued' || steadyForMs >= LEASE_MS,
  );
  if (overdue.length === 0) return result;
  const rooms = await roomsSoon(control);
  for (const one of overdue) {
    const done = await expire(control, rooms, one);
    if (done) result[done] += 1;
  }
  return result;
}

/** A LiveKit that does not answer must not hold up those whose recorder is gone. */
async function roomsSoon(control: Control): Promise<RoomsSnapshot> {
  const patience = AbortSignal.timeout(ROOMS_PATIENCE_MS);
  const down: RoomsSnapshot = { livekit: 'down', rooms: [], seenAtMs: 0 };
  return Promise.race([
    control.rooms.recent(ROOMS_REFRESH_MS),
    new Promise<RoomsSnapshot>((resolve) => patience.addEventListener('abort', () => resolve(down), { once: true })),
  ]);
}

async function expire(
  control: Control,
  rooms: RoomsSnapshot,
  overdue: OverdueAttempt,
): Promise<keyof Expired | undefined> {
  const after = await control.database.db.transaction(async (db) => {
    const locked = await lockRecordingOfAttempt(db, overdue.attemptId);
    // Renewed since it was listed, taken from the queue, or ended.
    if (!locked || locked.attempt.state !== overdue.state) return undefined;
    if (!(await isOverdue(db, overdue.attemptId, QUEUE_CHECK_MS))) return undefined;
    const { recording, attempt, attempts } = locked;
    const participant = whereIs(rooms, recording);
    const outcome = outcomeOf(recording, attempt, overdue, participant);
    if (!outcome) return undefined;
    const ended = await updateAttempt(db, attempt.id, { state: 'ended', outcome });
    // Whoever still holds it shall hear that it is not its own any more.
    await notify(db, 'recorder_commands', attempt.id);
    // An attempt of an older epoch is nobody's: the recording goes on without it.
    if (attempt.epoch !== recording.epoch) return undefined;
    const next = await endAttempt(
      control.log,
      db,
      { ...locked, attempt: ended, attempts: attempts.map((one) => (one.id === ended.id ? ended : one)) },
      { outcome, stoppedAt: recording.stoppedAt, participant: comesBack(recording, participant) },
    );
    await recordEvents(db, [next]);
    return next;
  });
  if (!after) return undefined;
  if (after.status === 'finalising') joinSoon(control, after.id);
  return after.status === 'failed' || after.status === 'absent' ? 'over' : 'goOn';
}

/** Who left may still come back into the same recording, while the rule's window is open. */
function comesBack(recording: RecordingRow, participant: Presence): Presence {
  return participant === 'gone' && recording.reconnectWindowMs > 0 ? 'unknown' : participant;
}

/** Undefined: it is waited for longer. */
export function outcomeOf(
  recording: Pick<RecordingRow, 'startedAt' | 'reconnectWindowMs'>,
  attempt: Pick<AttemptRow, 'kind' | 'state'>,
  overdue: Pick<OverdueAttempt, 'overdueMs'>,
  participant: Presence,
): Extract<Outcome, { kind: 'failed' }> | undefined {
  if (attempt.state !== 'queued') {
    const message =
      attempt.kind === 'record'
        ? 'The recorder stopped reporting: its process, machine or network is gone.'
        : 'The recorder that made the file stopped reporting.';
    return { kind: 'failed', reason: 'control.recorder-lost', message, fault: 'system', retryable: true };
  }
  const noRecorder = { kind: 'failed', reason: 'control.no-recorder', fault: 'system' } as const;
  const isWaitedFor = recording.startedAt !== null && overdue.overdueMs < recording.reconnectWindowMs;
  if (attempt.kind === 'record' && participant === 'gone' && !isWaitedFor) {
    const message = 'No recorder was free before the participant left. Start more workers.';
    return { ...noRecorder, message, retryable: false };
  }
  if (overdue.overdueMs < QUEUE_PATIENCE_MS) return undefined;
  const message = 'No recorder took this for ten minutes. Start a worker, or more of them.';
  return { ...noRecorder, message, retryable: attempt.kind === 'finalise' };
}
