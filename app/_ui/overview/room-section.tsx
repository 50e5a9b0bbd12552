'use client';

import { Users } from 'lucide-react';
import type { LiveRoom, Recording } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import type { RuleNames } from '../recording/origin-text.ts';
import { participantKey } from '../recording/recording-states.ts';
import { AnyText } from '../text/any-text.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { ParticipantRow } from './participant-row.tsx';

interface RoomSectionProps {
  room: LiveRoom;
  /** Running recordings by participant. */
  running: ReadonlyMap<string, Recording>;
  ruleNames: RuleNames;
}

export function RoomSection({ room, running, ruleNames }: RoomSectionProps) {
  return (
    <Panel
      title={<AnyText text={room.name} />}
      aside={
        <p className="flex shrink-0 items-center gap-3 text-xs text-ink-muted">
          <span className="hidden sm:inline">
            since <LocalTime at={room.startedAt} shape="clock" />
          </span>
          <span className="figures inline-flex items-center gap-1.5">
            <Users aria-hidden className="size-3.5" />
            {room.participants.length}
            <span className="sr-only">{room.participants.length === 1 ? 'participant' : 'participants'}</span>
          </span>
        </p>
      }
    >
      <ul className="divide-y divide-line">
        {room.participants.map((participant) => (
          <ParticipantRow
            key={participant.sid}
            room={room.name}
            participant={participant}
            recording={running.get(participantKey(room.name, participant.identity))}
            ruleNames={ruleNames}
          />
        ))}
      </ul>
    </Panel>
  );
}
