import { isStoppable } from '../recording/recording-states.ts';
import type { PersonRow, RoomGroup } from './group-rooms.ts';

export const whoChoices = ['everyone', 'recorded', 'not-recorded'] as const;
export type Who = (typeof whoChoices)[number];

/** What the page shows of all groups. A text that is in a room's name finds everybody in it. */
export function filterGroups(groups: readonly RoomGroup[], text: string, who: Who): readonly RoomGroup[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' && who === 'everyone') return groups;
  return groups.flatMap((group) => {
    const roomFits = group.name.toLowerCase().includes(wanted);
    const rows = group.rows.filter((row) => (roomFits || isFound(row, wanted)) && isOf(row, who));
    if (rows.length === 0) return [];
    return rows.length === group.rows.length ? [group] : [{ ...group, rows }];
  });
}

function isFound({ identity, participant }: PersonRow, wanted: string): boolean {
  return identity.toLowerCase().includes(wanted) || (participant?.name.toLowerCase().includes(wanted) ?? false);
}

function isOf({ recording }: PersonRow, who: Who): boolean {
  if (who === 'everyone') return true;
  const isRecorded = recording !== undefined && isStoppable(recording.status);
  return isRecorded === (who === 'recorded');
}
