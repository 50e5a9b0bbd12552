/**
 * Makes true what should be true, whatever got lost: every few seconds, in one process of the installation at a time.
 *
 * 1. Rules against rooms: whoever a rule wants recorded, is.
 * 2. Attempts whose lease ran out: their recorder is gone. With the participant still there the recording gets a new
 *    attempt (epoch + 1, three in all), else it fails and says so.
 * 3. Attempts that wait in the queue for somebody who has left, or for too long, fail too.
 *
 * So nothing stays in a state that is not final. A lease that ran out while nobody could have renewed it (this process
 * or the database was away) does not count: recorders get one lease of time to be heard again.
 */
import { sql } from 'drizzle-orm';
import { notify } from '../../db/notices.ts';
import { listOverdueAttempts, type OverdueAttempt } from '../../db/queries/list-overdue-attempts.ts';
import { listRules } from '../../db/queries/list-rules.ts';
import { listRecordedSessions } from '../../db/queries/list-session-recordings.ts';
import { listUnfinishedRecordings } from '../../db/queries/list-unfinished-recordings.ts';
import { lockRecordingOfAttempt } from '../../db/queries/lock-recording.ts';
import { updateAttempt } from '../../db/queries/update-attempt.ts';
import { updateRecording } from '../../db/queries/update-recording.ts';
import type { RecordingRow } from '../../db/schema.ts';
import { applyRules, findRule, publishesFor } from './apply-rules.ts';
import type { Control } from './control.ts';
import { queueInPool } from './launcher/pool.ts';
import type { RoomsSnapshot } from './livekit/live-rooms.ts';
import { moveRecording } from './move-recording.ts';
import { recordEvents } from './record-events.ts';
import { LEASE_MS, LOST_PATIENCE_MS, MAX_ATTEMPTS, QUEUE_CHECK_MS, QUEUE_PATIENCE_MS } from './timing.ts';

/** Any number will do, as long as nothing else locks it. */
const RECONCILE_LOCK = 7_306_120_003;

export interface ReconcileOptions {
  /** For how long this process has been able to take reports without a break. */
  steadyForMs: number;
}

export interface Reconciled {
  begun: number;
  replaced: number;
  failed: number;
}

/** Undefined when another process reconciles now. */
export async function reconcile(control: Control, options: ReconcileOptions): Promise<Reconciled | undefined> {
  // The lock lasts as long as this transaction, in which nothing else is done.
  return control.database.db.transaction(async (db) => {
    const { rows } = await db.execute(sql`select pg_try_advisory_xact_lock(${RECONCILE_LOCK}) as held`);
    if (!rows[0]?.held) return undefined;
    const rooms = await control.rooms.refresh();
    const begun = rooms.livekit === 'up' ? await beginMissing(control, rooms) : 0;
    const ended = await endLost(control, rooms, options);
    return { begun, ...ended };
  });
}

async function beginMissing(control: Control, { rooms }: RoomsSnapshot): Promise<number> {
  const rules = await listRules(control.database.db, { enabled: true });
  const wanted = rooms.flatMap((room) =>
    room.participants.flatMap((participant) => {
      const rule = findRule(rules, room.name, participant);
      return rule ? [{ room: room.name, participant, publishes: publishesFor(rule, participant) }] : [];
    }),
  );
  if (wanted.length === 0) return 0;
  const [recorded, unfinished] = await Promise.all([
    listRecordedSessions(
      control.database.db,
      wanted.map(({ participant }) => participant.sid),
    ),
    listUnfinishedRecordings(control.database.db),
  ]);
  const running = new Set(unfinished.map((recording) => JSON.stringify([recording.room, recording.identity])));
  let begun = 0;
  for (const { room, participant, publishes } of wanted) {
    if (running.has(JSON.stringify([room, participant.identity]))) continue;
    // Recorded before and silent now: nothing could begin. Who publishes is looked at closely.
    if (recorded.has(participant.sid) && !publishes) continue;
    if (await applyRules(control, room, participant)) begun += 1;
  }
  return begun;
}

async function endLost(
  control: Control,
  rooms: RoomsSnapshot,
  options: ReconcileOptions,
): Promise<Omit<Reconciled, 'begun'>> {
  const result = { replaced: 0, failed: 0 };
  for (const overdue of await listOverdueAttempts(control.database.db, QUEUE_CHECK_MS)) {
    if (overdue.state !== 'queued' && options.steadyForMs < LEASE_MS) continue;
    const done = await endAttempt(control, rooms, overdue);
    if (done) result[done] += 1;
  }
  return result;
}

async function endAttempt(
  control: Control,
  rooms: RoomsSnapshot,
  overdue: OverdueAttempt,
): Promise<'replaced' | 'failed' | undefined> {
  return control.database.db.transaction(async (db) => {
    const locked = await lockRecordingOfAttempt(db, overdue.attemptId);
    if (!locked || locked.attempt.state === 'ended') return undefined;
    const { recording, attempt } = locked;
    // Renewed since it was listed, or taken from the queue.
    if (attempt.state !== overdue.state || (attempt.leaseExpiresAt && !(await isOverdue(db, attempt.id)))) {
      return undefined;
    }
    const verdict = judge(recording, overdue, whereIs(rooms, recording));
    if (verdict === 'wait') return undefined;
    const { reason, message } = verdict.error;
    await updateAttempt(db, attempt.id, {
      state: 'ended',
      outcome: { kind: 'failed', reason, message, fault: 'system', retryable: false },
    });
    // Whoever still holds it shall hear that it is not its own any more.
    await notify(db, 'recorder_commands', attempt.id);
    // An attempt of an older epoch is nobody's: the recording goes on without it.
    if (attempt.epoch !== recording.epoch) return undefined;
    const epoch = recording.epoch + 1;
    const after = await updateRecording(
      db,
      recording.id,
      verdict.again
        ? { status: 'requested', epoch }
        : { status: 'failed', error: verdict.error, stoppedAt: recording.stoppedAt ?? new Date() },
    );
    if (verdict.again) await queueInPool(db, { recordingId: recording.id, epoch });
    await recordEvents(db, [after]);
    control.log.warn({ recordingId: recording.id, reason, again: verdict.again }, 'attempt.lost');
    return verdict.again ? 'replaced' : 'failed';
  });
}

async function isOverdue(db: Parameters<typeof listOverdueAttempts>[0], attemptId: string): Promise<boolean> {
  return (await listOverdueAttempts(db, QUEUE_CHECK_MS)).some((attempt) => attempt.attemptId === attemptId);
}

/** `unknown` while LiveKit does not answer. */
function whereIs(rooms: RoomsSnapshot, { room, identity }: RecordingRow): 'there' | 'gone' | 'unknown' {
  if (rooms.livekit === 'down') return 'unknown';
  const there = rooms.rooms.some(
    (candidate) =>
      candidate.name === room && candidate.participants.some((participant) => participant.identity === identity),
  );
  return there ? 'there' : 'gone';
}

type Verdict = 'wait' | { again: boolean; error: { reason: string; message: string } };

export function judge(
  recording: Pick<RecordingRow, 'status' | 'command' | 'epoch' | 'startedAt'>,
  overdue: Pick<OverdueAttempt, 'state' | 'overdueMs'>,
  participant: 'there' | 'gone' | 'unknown',
): Verdict {
  if (overdue.state === 'queued') {
    if (participant === 'gone') {
      return failed('control.no-recorder', 'No recorder was free before the participant left. Start more workers.');
    }
    if (overdue.overdueMs < QUEUE_PATIENCE_MS) return 'wait';
    return failed('control.no-recorder', 'No recorder took this for ten minutes. Start a worker, or more of them.');
  }
  const lost = 'The recorder stopped reporting: its process, machine or network is gone.';
  const kept = recording.startedAt === null ? '' : ' What was stored until then can be played.';
  const mayGoOn = recording.command !== 'stop' && moveRecording(recording.status, 'requested') === 'requested';
  if (!mayGoOn || participant === 'gone') return failed('control.recorder-lost', lost + kept);
  if (recording.epoch >= MAX_ATTEMPTS) {
    return failed('control.recorder-lost', `${lost} This was attempt ${recording.epoch} of ${MAX_ATTEMPTS}.${kept}`);
  }
  if (participant === 'there') return { again: true, error: { reason: 'control.recorder-lost', message: lost } };
  if (overdue.overdueMs < LOST_PATIENCE_MS) return 'wait';
  return failed('control.recorder-lost', `${lost} LiveKit did not answer either, so it was not tried again.${kept}`);
}

function failed(reason: string, message: string): Verdict {
  return { again: false, error: { reason, message } };
}
