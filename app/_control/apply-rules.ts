/**
 * Auto-record: does a rule want this participant recorded now? Called for every hint (a webhook) and for everybody
 * the reconciler finds, so it decides from what is stored, and deciding twice is deciding once.
 *
 * A LiveKit session (one join) that was recorded is not recorded again: who stopped or deleted a recording meant it.
 * Two exceptions: the recorder was shut down in the middle, and a session that was `absent` and publishes by now.
 */
import { listRules } from '../../db/queries/list-rules.ts';
import { listSessionRecordings, type SessionRecording } from '../../db/queries/list-session-recordings.ts';
import { beginRecording } from './begin-recording.ts';
import type { Control } from './control.ts';
import type { SeenParticipant } from './livekit/present-participant.ts';
import { findRule, publishesFor } from './match-rule.ts';
import { MAX_ABSENT_PER_SESSION } from './timing.ts';

/** The id of the recording that was begun, if one was. */
export async function applyRules(
  control: Control,
  room: string,
  participant: SeenParticipant,
): Promise<string | undefined> {
  const rule = findRule(await listRules(control.database.db, { enabled: true }), room, participant);
  if (!rule) return undefined;
  const session = await listSessionRecordings(control.database.db, participant.sid);
  if (session.deleted || !mayRecordAgain(session.recordings, publishesFor(rule, participant))) return undefined;
  const beginning = await beginRecording(control.database.db, {
    room,
    identity: participant.identity,
    origin: 'rule',
    ruleId: rule.id,
    participantSid: participant.sid,
    wantedTracks: rule.tracks,
    reconnectWindowMs: rule.reconnectWindowMs,
    undecodable: rule.undecodable,
    retainUntil: rule.retainDays === null ? null : new Date(Date.now() + rule.retainDays * 86_400_000),
  });
  if (!beginning.begun) return undefined;
  control.log.info({ recordingId: beginning.recording.id, ruleId: rule.id }, 'recording.requested by a rule');
  return beginning.recording.id;
}

export function mayRecordAgain(earlier: readonly SessionRecording[], publishes: boolean): boolean {
  const absent = earlier.filter((recording) => recording.status === 'absent').length;
  if (absent > 0 && !publishes) return false;
  return (
    absent < MAX_ABSENT_PER_SESSION &&
    earlier.every((recording) => recording.status === 'absent' || recording.stopReason === 'shutdown')
  );
}
