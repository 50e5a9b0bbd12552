import type { Recording } from '../../_control/api.ts';

type Status = Recording['status'];

const stoppable: ReadonlySet<Status> = new Set(['requested', 'starting', 'recording', 'paused']);

/** The participant is taken; Stop has something to stop. */
export function isStoppable(status: Status): boolean {
  return stoppable.has(status);
}

/** Something still happens to it: it stays among the live ones. */
export function isUnfinished(status: Status): boolean {
  return stoppable.has(status) || status === 'finalising';
}

type Placed = Pick<Recording, 'requestedAt' | 'id'>;

export function newestFirst(one: Placed, other: Placed): number {
  return other.requestedAt.localeCompare(one.requestedAt) || other.id.localeCompare(one.id);
}
