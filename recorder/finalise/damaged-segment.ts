import type { StoredSegment } from '../contract/media.ts';
import { TaskError } from '../task-error.ts';

/** What was read is not what the segment stage writes. */
export function damagedSegment(segment: StoredSegment, what: string): TaskError {
  return new TaskError(
    'finalise.damaged-segment',
    `Segment ${segment.key} cannot be read (${what}). Restore it in the store, or delete it from the recording.`,
    'destination',
    false,
  );
}
