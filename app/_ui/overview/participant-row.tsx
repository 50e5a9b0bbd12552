'use client';

import { Circle } from 'lucide-react';
import { useId } from 'react';
import type { LiveParticipant, Recording } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../controls/button.tsx';
import { liveFigures, useSamples } from '../live/live-recording.ts';
import { useLiveStore } from '../live/use-live.ts';
import { originText, type RuleNames } from '../recording/origin-text.ts';
import { StopButton } from '../recording/stop-button.tsx';
import { inSourceOrder } from '../recording/track-icon.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatDuration } from '../text/format.ts';
import { visibleText } from '../text/visible-text.ts';
import { LiveTrackChip } from './live-track-chip.tsx';

interface ParticipantRowProps {
  room: string;
  participant: LiveParticipant;
  recording: Recording | undefined;
  ruleNames: RuleNames;
}

const kindNames: Partial<Record<LiveParticipant['kind'], string>> = {
  ingress: 'Ingress',
  egress: 'Egress',
  sip: 'Phone',
  agent: 'Agent',
  connector: 'Connector',
};

export function ParticipantRow({ room, participant, recording, ruleNames }: ParticipantRowProps) {
  const nameId = useId();
  const kind = kindNames[participant.kind];
  const recordable = participant.canPublish || participant.tracks.length > 0;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,14rem)_minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <AnyText id={nameId} text={participant.identity} className="font-medium" />
        {(participant.name !== '' && participant.name !== participant.identity) || kind !== undefined ? (
          <p className="flex min-w-0 gap-1.5 text-xs text-ink-muted">
            {kind !== undefined && <span>{kind}</span>}
            {participant.name !== participant.identity && <AnyText text={participant.name} />}
          </p>
        ) : null}
      </div>
      <div className="col-span-2 row-start-2 flex min-w-0 flex-wrap gap-1.5 sm:col-span-1 sm:row-start-auto">
        {inSourceOrder(participant.tracks).map((track) => (
          <LiveTrackChip key={track.sid} track={track} />
        ))}
        {participant.tracks.length === 0 && (
          <span className="text-ink-faint">{recordable ? 'Publishes nothing yet' : 'Only watches'}</span>
        )}
      </div>
      <div className="col-start-2 row-start-1 flex items-center justify-end gap-3 sm:col-start-auto sm:row-start-auto">
        {recording !== undefined ? (
          <RunningRecording recording={recording} ruleNames={ruleNames} describedBy={nameId} />
        ) : (
          recordable && <RecordButton room={room} identity={participant.identity} describedBy={nameId} />
        )}
      </div>
    </li>
  );
}

interface RunningRecordingProps {
  recording: Recording;
  ruleNames: RuleNames;
  describedBy: string;
}

function RunningRecording({ recording, ruleNames, describedBy }: RunningRecordingProps) {
  const { durationMs } = liveFigures(recording, useSamples(recording.id));
  return (
    <>
      <div className="min-w-0 text-right text-xs">
        {recording.waiting === null ? (
          <p className="figures flex items-center justify-end gap-1.5 font-medium text-live-ink">
            <span aria-hidden className="size-1.5 animate-pulse-soft rounded-full bg-live" />
            {formatDuration(durationMs)}
          </p>
        ) : (
          <p className="text-ink-muted">
            {recording.waiting.before ? `${recording.waiting.before} before it` : 'Waiting'}
          </p>
        )}
        {recording.origin === 'rule' && (
          <p className="hidden max-w-40 truncate text-ink-muted sm:block">
            {visibleText(originText(recording, ruleNames))}
          </p>
        )}
      </div>
      <StopButton size="small" recording={recording} describedBy={describedBy} />
    </>
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
