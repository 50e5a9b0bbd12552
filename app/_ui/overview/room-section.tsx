'use client';

import { Users } from 'lucide-react';
import { memo } from 'react';
import { Panel } from '../controls/panel.tsx';
import type { RuleNames } from '../recording/origin-text.ts';
import { isStoppable } from '../recording/recording-states.ts';
import { AnyText } from '../text/any-text.tsx';
import { LocalTime } from '../text/local-time.tsx';
import { useMay } from '../user/use-may.tsx';
import type { PersonRow, RoomGroup } from './group-rooms.ts';
import { isRecordable, ParticipantRow } from './participant-row.tsx';
import { RecordAllButton } from './record-all-button.tsx';

interface RoomSectionProps {
  group: RoomGroup;
  ruleNames: RuleNames;
}

export const RoomSection = memo(function RoomSection({ group, ruleNames }: RoomSectionProps) {
  const { name, room, rows } = group;
  const mayRecord = useMay('operator');
  const recorded = rows.filter(isRecorded).length;
  const recordable = rows
    .filter((row) => !isRecorded(row) && row.participant && isRecordable(row.participant))
    .map(({ identity }) => identity);
  const people = rows.filter(({ participant }) => participant).length;
  return (
    <Panel
      // What is not seen is not laid out: thirty rooms are a long page.
      className="[contain-intrinsic-size:auto_16rem] [content-visibility:auto]"
      title={<AnyText text={name} />}
      aside={
        <div className="flex shrink-0 items-center gap-3 text-xs text-ink-muted">
          {room === undefined ? (
            <span>Nobody there</span>
          ) : (
            <span className="hidden sm:inline">
              since <LocalTime at={room.startedAt} shape="clock" />
            </span>
          )}
          {recorded > 0 && (
            <span className="figures inline-flex items-center gap-1.5 text-live-ink">
              <span aria-hidden className="size-1.5 rounded-full bg-live" />
              {recorded}
              <span className="sr-only">being recorded</span>
            </span>
          )}
          <span className="figures inline-flex items-center gap-1.5">
            <Users aria-hidden className="size-3.5" />
            {people}
            <span className="sr-only">{people === 1 ? 'participant' : 'participants'}</span>
          </span>
          {mayRecord && recordable.length > 1 && <RecordAllButton room={name} identities={recordable} />}
        </div>
      }
    >
      <ul className="divide-y divide-line">
        {rows.map((row) => (
          <ParticipantRow key={row.identity} room={name} row={row} ruleNames={ruleNames} />
        ))}
      </ul>
    </Panel>
  );
});

function isRecorded({ recording }: PersonRow): boolean {
  return recording !== undefined && isStoppable(recording.status);
}
