import { createHash } from 'node:crypto';

/** A key of bounded length for a participant of a room, whatever their names hold. */
export function participantKey(room: string, identity: string): string {
  return createHash('sha256')
    .update(JSON.stringify([room, identity]))
    .digest('hex');
}
