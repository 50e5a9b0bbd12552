import type { ReactNode } from 'react';
import type { Recording } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import { fileName } from '../player/media-parts.ts';
import { formatBytes, formatSpan } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';
import { visibleText } from '../text/visible-text.ts';
import { originText, type RuleNames } from './origin-text.ts';

const stopReasons: Record<NonNullable<Recording['stopReason']>, string> = {
  requested: 'Somebody pressed Stop',
  'participant-left': 'The participant left',
  'room-ended': 'The room ended',
  'max-duration': 'Its longest duration was reached',
  shutdown: 'The recorder was shut down',
  abandoned: 'It was given up',
};

interface DetailsPanelProps {
  recording: Recording;
  ruleNames: RuleNames;
}

export function DetailsPanel({ recording, ruleNames }: DetailsPanelProps) {
  const firstFrameMs = recording.startedAt && Date.parse(recording.startedAt) - Date.parse(recording.requestedAt);
  return (
    <Panel title="Details">
      <dl className="divide-y divide-line">
        <Detail label="Requested">
          <LocalTime at={recording.requestedAt} shape="second" />
          <span className="any-text block text-ink-muted">{visibleText(originText(recording, ruleNames))}</span>
        </Detail>
        {recording.startedAt !== null && (
          <Detail label="First frame">
            <LocalTime at={recording.startedAt} shape="second" />
            {typeof firstFrameMs === 'number' && firstFrameMs >= 0 && (
              <span className="figures block text-ink-muted">{formatSpan(firstFrameMs)} later</span>
            )}
          </Detail>
        )}
        {recording.stoppedAt !== null && (
          <Detail label="Stopped">
            <LocalTime at={recording.stoppedAt} shape="second" />
            {recording.stopReason !== null && (
              <span className="block text-ink-muted">{stopReasons[recording.stopReason]}</span>
            )}
          </Detail>
        )}
        {recording.media.map((medium) => (
          <Detail key={medium.url} label={['File', fileName(medium, recording.media)].filter(Boolean).join(', ')}>
            <span className="figures">
              {medium.contentType.endsWith('/mp4') ? 'MP4' : 'WebM'},{' '}
              {medium.finished ? formatBytes(medium.sizeBytes) : 'being written'}
            </span>
            {medium.sha256 !== null && (
              <span className="mt-1 block font-mono text-[0.6875rem] leading-4 break-all text-ink-faint">
                SHA-256 {medium.sha256}
              </span>
            )}
          </Detail>
        ))}
        <Detail label="Id">
          <span className="font-mono text-[0.6875rem] leading-4 break-all text-ink-muted">{recording.id}</span>
        </Detail>
      </dl>
    </Panel>
  );
}

function Detail({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-3 px-4 py-2.5">
      <dt className="text-ink-faint">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
