/**
 * Rules against rooms, whatever webhook got lost: whoever a rule wants recorded, is. Every few seconds, in one process of
 * the installation at a time. What nobody answers for any more is `expireAttempts`, what is to be joined `joinWaiting`.
 */
import { listRules } from '../../db/queries/list-rules.ts';
import { listRecordedSessions } from '../../db/queries/list-session-recordings.ts';
import { listUnfinishedRecordings } from '../../db/queries/list-unfinished-recordings.ts';
import { alone } from './alone.ts';
import { applyRules } from './apply-rules.ts';
import type { Control } from './control.ts';
import type { RoomsSnapshot } from './livekit/live-rooms.ts';
import { findRule, publishesFor } from './match-rule.ts';

export interface Reconciled {
  begun: number;
}

/** Undefined when another process reconciles now. */
export function reconcile(control: Control): Promise<Reconciled | undefined> {
  return alone(control, 'reconcile', async () => {
    const rooms = await control.rooms.refresh();
    return { begun: rooms.livekit === 'up' ? await beginMissing(control, rooms) : 0 };
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
