'use client';

import clsx from 'clsx';
import { ChartLine, Circle } from 'lucide-react';
import Link from 'next/link';
import { memo, useId } from 'react';
import type { LiveParticipant, Recording } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { useLiveStore } from '../live/use-live.ts';
import { originText, type RuleNames } from '../recording/origin-text.ts';
import { isStoppable } from '../recording/recording-states.ts';
import { StopButton } from '../recording/stop-button.tsx';
import { inSourceOrder } from '../recording/track-icon.tsx';
import { AnyText } from '../text/any-text.tsx';
import { visibleText } from '../text/visible-text.ts';
import { useMay } from '../user/use-may.tsx';
import type { PersonRow } from './group-rooms.ts';
import { LiveTrackChip } from './live-track-chip.tsx';
import { RecordingMonitor } from './recording-monitor.tsx';
import { RowFigures } from './row-figures.tsx';
import { useMonitorOpen } from './use-monitor-open.tsx';
import { WatchButton } from './watch-button.tsx';

interface ParticipantRowProps {
  room: string;
  row: PersonRow;
  ruleNames: RuleNames;
}

const kindNames: Partial<Record<LiveParticipant['kind'], string>> = {
  ingress: 'Ingress',
  egress: 'Egress',
  sip: 'Phone',
  agent: 'Agent',
  connector: 'Connector',
};

export function isRecordable(participant: LiveParticipant): boolean {
  return participant.canPublish || participant.tracks.length > 0;
}

/** Rendered again only when something is said of this one; the figures of each second are below it. */
export const ParticipantRow = memo(function ParticipantRow({ room, row, ruleNames }: ParticipantRowProps) {
  const { identity, participant, recording } = row;
  const nameId = useId();
  const monitorId = useId();
  const mayRecord = useMay('operator');
  const [isOpen, setOpen] = useMonitorOpen();
  const isRunning = recording !== undefined && isStoppable(recording.status);
  return (
    <li className="px-4 py-2.5">
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 lg:grid-cols-[minmax(0,10.5rem)_minmax(0,1fr)_auto_auto]">
        <div className="min-w-0">
          <AnyText id={nameId} text={identity} className="font-medium" />
          <Subtitle row={row} ruleNames={ruleNames} />
        </div>
        <div className="col-span-2 row-start-2 flex min-w-0 flex-wrap gap-1 lg:col-span-1 lg:row-start-auto">
          {participant &&
            inSourceOrder(participant.tracks).map((track) => <LiveTrackChip key={track.sid} track={track} />)}
          {participant?.tracks.length === 0 && (
            <span className="text-ink-faint">
              {isRecordable(participant) ? 'Publishes nothing yet' : 'Only watches'}
            </span>
          )}
        </div>
        {recording && (
          <div className="col-span-2 row-start-3 lg:col-span-1 lg:row-start-auto">
            <RowFigures recording={recording} />
          </div>
        )}
        <div className="col-start-2 row-start-1 flex items-center justify-end gap-1 lg:col-start-4">
          {isRunning && (
            <Button
              look="quiet"
              size="icon"
              aria-label="Graphs"
              aria-describedby={nameId}
              aria-expanded={isOpen}
              aria-controls={monitorId}
              title="Graphs and details"
              className={clsx(isOpen && 'bg-hover text-ink!')}
              icon={<ChartLine aria-hidden />}
              onClick={() => setOpen(!isOpen)}
            />
          )}
          {participant && participant.tracks.length > 0 && (
            <WatchButton room={room} identity={identity} describedBy={nameId} />
          )}
          {mayRecord && isRunning && <StopButton size="small" recording={recording} describedBy={nameId} />}
          {mayRecord && !isRunning && participant && isRecordable(participant) && (
            <RecordButton room={room} identity={identity} describedBy={nameId} />
          )}
        </div>
      </div>
      {isRunning && (
        <div id={monitorId} hidden={!isOpen} className="pt-3 pb-1">
          {isOpen && <RecordingMonitor recording={recording} />}
        </div>
      )}
    </li>
  );
});

function Subtitle({
  row: { identity, participant, recording },
  ruleNames,
}: Pick<ParticipantRowProps, 'row' | 'ruleNames'>) {
  const kind = participant && kindNames[participant.kind];
  const name = participant && participant.name !== identity ? participant.name : '';
  const isByRule = recording?.origin === 'rule' && isStoppable(recording.status);
  const isAway = recording && isStoppable(recording.status) && !participant;
  if (!kind && name === '' && !isByRule && !isAway) return null;
  return (
    <p className="flex min-w-0 gap-1.5 text-xs text-ink-muted">
      {isAway && <span className="shrink-0 text-warn-ink">Away</span>}
      {kind && <span className="shrink-0">{kind}</span>}
      {name !== '' && <AnyText text={name} />}
      {isByRule && (
        <Link
          href={`/rules#rule-${recording.ruleId ?? ''}`}
          className="min-w-0 truncate underline-offset-4 hover:text-ink hover:underline"
        >
          {visibleText(originText(recording, ruleNames))}
        </Link>
      )}
    </p>
  );
}

interface RecordButtonProps {
  room: string;
  identity: string;
  describedBy: string;
}

function RecordButton({ room, identity, describedBy }: RecordButtonProps) {
  const store = useLiveStore();
  const record = useAction(async () => {
    store.expectRecording(await callApi<Recording>('POST', '/api/v1/recordings', { room, identity }));
  });
  return (
    <Button
      size="small"
      pending={record.pending}
      aria-describedby={describedBy}
      icon={<Circle aria-hidden className="scale-75 fill-live text-live" />}
      onClick={() => record.run()}
    >
      Record
    </Button>
  );
}
