'use client';

import type { LiveSnapshot } from '../live/live-store.ts';
import { useLive } from '../live/use-live.ts';
import { AnyText } from '../text/any-text.tsx';
import type { Judge } from './rule-trial.tsx';
import { VerdictLine } from './verdict-line.tsx';

const roomsOf = (live: LiveSnapshot) => live.rooms;
const shownAtMost = 8;
/** Somebody of whom only this is wrong is worth a line; who simply does not match is not. */
const worthSaying = new Set([null, 'earlier', 'cannot-publish', 'off']);

/** Of everybody who is there now, whom the rule would record. */
export function LiveVerdicts({ judge }: { judge: Judge }) {
  const rooms = useLive(roomsOf) ?? [];
  const everybody = rooms.flatMap((room) =>
    room.participants.map((participant) => ({ room, participant, verdict: judge(room.name, participant) })),
  );
  const said = everybody
    .filter(({ verdict }) => worthSaying.has(verdict.because))
    .sort((a, b) => Number(a.verdict.because !== null) - Number(b.verdict.because !== null));
  const shown = said.slice(0, shownAtMost);
  const recorded = said.filter(({ verdict }) => verdict.because === null).length;
  return (
    <div className="p-4">
      <p role="status" className="text-ink-muted">
        {everybody.length === 0 ? 'Nobody is in a room now.' : `${recorded} of ${everybody.length} in a room now.`}
      </p>
      {shown.length > 0 && (
        <ul className="mt-3 space-y-2.5">
          {shown.map(({ room, participant, verdict }) => (
            <li key={`${room.sid} ${participant.sid}`} className="min-w-0">
              <p className="flex min-w-0 gap-1.5">
                <AnyText text={participant.identity} className="font-medium" />
                <span className="shrink-0 text-ink-faint">in</span>
                <AnyText text={room.name} className="text-ink-muted" />
              </p>
              <p className="text-xs">
                <VerdictLine verdict={verdict} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {said.length > shown.length && (
        <p className="mt-2 text-xs text-ink-faint">and {said.length - shown.length} more</p>
      )}
    </div>
  );
}
