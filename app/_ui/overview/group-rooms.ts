/**
 * Live rooms and what is being recorded, as the overview lists them: one group a room, one row an identity, in an order
 * that depends on names alone. So nothing jumps when somebody comes back, is recorded, or is away while a recording waits.
 */
import type { LiveParticipant, LiveRoom, Recording } from '../../_control/api.ts';
import { isSameList } from '../live/keep-unchanged.ts';
import { isStoppable } from '../recording/recording-states.ts';

export interface PersonRow {
  identity: string;
  /** Undefined: away. */
  participant: LiveParticipant | undefined;
  /** Running, else being finished. */
  recording: Recording | undefined;
}

export interface RoomGroup {
  name: string;
  /** Undefined: LiveKit lists no such room, only recordings of it are not over. */
  room: LiveRoom | undefined;
  rows: readonly PersonRow[];
}

/** `Room 2` before `Room 10`. */
const collator = new Intl.Collator('en', { numeric: true });
const byName = (one: string, other: string) => collator.compare(one, other) || (one < other ? -1 : 1);

/** Groups of `before` that say the same stay the same objects. */
export function groupRooms(
  rooms: readonly LiveRoom[],
  unfinished: readonly Recording[],
  before: readonly RoomGroup[] = [],
): readonly RoomGroup[] {
  const drafts = new Map<string, { room: LiveRoom | undefined; rows: Map<string, PersonRow> }>();
  const draftOf = (name: string) => {
    const draft = drafts.get(name) ?? { room: undefined, rows: new Map<string, PersonRow>() };
    drafts.set(name, draft);
    return draft;
  };
  for (const room of rooms) {
    // A room that everybody has left lives on for minutes; there is nobody in it to record.
    if (room.participants.length === 0) continue;
    const draft = draftOf(room.name);
    draft.room = room;
    for (const participant of room.participants) {
      draft.rows.set(participant.identity, { identity: participant.identity, participant, recording: undefined });
    }
  }
  for (const recording of unfinished) {
    const { rows } = draftOf(recording.room);
    const row = rows.get(recording.identity);
    if (row?.recording && (isStoppable(row.recording.status) || !isStoppable(recording.status))) continue;
    rows.set(recording.identity, { identity: recording.identity, participant: row?.participant, recording });
  }

  const groupBefore = new Map(before.map((group) => [group.name, group]));
  const groups = [...drafts]
    .sort(([one], [other]) => byName(one, other))
    .map(([name, { room, rows }]): RoomGroup => {
      const old = groupBefore.get(name);
      const rowBefore = new Map(old?.rows.map((row) => [row.identity, row]));
      const sorted = [...rows.values()]
        .sort((one, other) => byName(one.identity, other.identity))
        .map((row) => orOld(rowBefore.get(row.identity), row));
      return old !== undefined && old.room === room && isSameList(old.rows, sorted)
        ? old
        : { name, room, rows: sorted };
    });
  return isSameList(before, groups) ? before : groups;
}

function orOld(old: PersonRow | undefined, row: PersonRow): PersonRow {
  return old?.participant === row.participant && old?.recording === row.recording && old !== undefined ? old : row;
}
