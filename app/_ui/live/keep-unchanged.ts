import type { LiveRoom } from '../../_control/api.ts';

/**
 * Every change of any room brings all rooms: whatever says the same as before stays the same object, so that only what
 * changed is rendered again.
 */
export function keepUnchanged(before: readonly LiveRoom[] | null, rooms: readonly LiveRoom[]): readonly LiveRoom[] {
  if (before === null) return rooms;
  const roomBefore = new Map(before.map((room) => [room.sid, room]));
  const kept = rooms.map((room) => {
    const old = roomBefore.get(room.sid);
    if (old === undefined) return room;
    const oldParticipants = new Map(old.participants.map((participant) => [participant.sid, participant]));
    const participants = room.participants.map((participant) =>
      orOld(oldParticipants.get(participant.sid), participant),
    );
    return isSameList(old.participants, participants) ? orOld(old, room) : { ...room, participants };
  });
  return isSameList(before, kept) ? before : kept;
}

function orOld<Value>(old: Value | undefined, value: Value): Value {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(value) ? old : value;
}

export function isSameList<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
