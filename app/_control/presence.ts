import type { RecordingRow } from '../../db/schema.ts';
import type { Control } from './control.ts';
import type { RoomsSnapshot } from './livekit/live-rooms.ts';
import { ROOMS_REFRESH_MS } from './timing.ts';

export type Presence = 'there' | 'gone' | 'unknown';

/** Is the participant in its room? `unknown` while LiveKit does not answer. */
export function whereIs(rooms: RoomsSnapshot, { room, identity }: Pick<RecordingRow, 'room' | 'identity'>): Presence {
  if (rooms.livekit === 'down') return 'unknown';
  const there = rooms.rooms.some(
    (candidate) =>
      candidate.name === room && candidate.participants.some((participant) => participant.identity === identity),
  );
  return there ? 'there' : 'gone';
}

/**
 * As last seen, without asking. Only its being there is believed: a server that has just come up has empty rooms, and who
 * was in them comes back seconds later.
 */
export function presenceOf(control: Control, recording: RecordingRow): Presence {
  const { snapshot } = control.rooms;
  if (!snapshot || performance.now() - snapshot.seenAtMs > 2 * ROOMS_REFRESH_MS) return 'unknown';
  return whereIs(snapshot, recording) === 'there' ? 'there' : 'unknown';
}
