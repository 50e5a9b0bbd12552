'use client';

import { matchesGlob } from '../../_control/match-rule.ts';
import type { LiveSnapshot } from '../live/live-store.ts';
import { useLive } from '../live/use-live.ts';
import { shortText } from '../text/visible-text.ts';

interface LiveMatchesProps {
  roomPattern: string;
  identityPattern: string;
}

const roomsOf = (live: LiveSnapshot) => live.rooms;
const namedAtMost = 3;

/** What the patterns mean, shown on who is there now. */
export function LiveMatches({ roomPattern, identityPattern }: LiveMatchesProps) {
  const rooms = useLive(roomsOf) ?? [];
  const matching = rooms
    .filter((room) => matchesGlob(roomPattern, room.name))
    .flatMap((room) => room.participants)
    .filter((participant) => matchesGlob(identityPattern, participant.identity));
  const names = matching.slice(0, namedAtMost).map((participant) => shortText(participant.identity, 24));
  const more = matching.length - names.length;
  return (
    <p role="status" className="any-text -mt-1 text-xs text-ink-muted">
      {matching.length === 0
        ? 'Matches nobody who is here now.'
        : `Matches now: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`}{' '}
      <span className="text-ink-faint">* is any text, ? one character.</span>
    </p>
  );
}
