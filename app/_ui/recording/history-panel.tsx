'use client';

import type { ReactNode } from 'react';
import type { Recording } from '../../_control/api.ts';
import type { History } from '../../_control/history-api.ts';
import { LineChart } from '../charts/line-chart.tsx';
import { Panel } from '../controls/panel.tsx';
import { formatBitrate, formatDuration, formatPosition, formatSpan } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';
import { visibleText } from '../text/visible-text.ts';
import { useHistory } from './use-history.ts';

type Sample = History['samples'][number];

const charts: { title: string; value(sample: Sample): number | null; format(value: number): string }[] = [
  { title: 'Bitrate', value: ({ bitrateBps }) => bitrateBps, format: formatBitrate },
  {
    title: 'Frames per second',
    value: ({ framesPerSecond }) => framesPerSecond,
    format: (value) => value.toFixed(1),
  },
  {
    title: 'Packets lost for good',
    value: ({ lostPercent }) => lostPercent,
    format: (value) => `${value.toFixed(2)} %`,
  },
  { title: 'Round trip', value: ({ roundTripMs }) => roundTripMs, format: (value) => `${Math.round(value)} ms` },
];

interface HistoryPanelProps {
  recording: Pick<Recording, 'id' | 'status'>;
  growing: boolean;
  onSeek(positionMs: number): void;
}

/** Graphs over the recording, who recorded it, and which states it had. */
export function HistoryPanel({ recording, growing, onSeek }: HistoryPanelProps) {
  const { history, error } = useHistory(recording.id, recording.status, growing);
  if (history === undefined) {
    return (
      <Panel title="Over time">
        <p className="px-4 py-6 text-center text-ink-muted">{error ?? 'Loading …'}</p>
      </Panel>
    );
  }
  return (
    <>
      {history.samples.length > 1 && (
        <Panel
          title="Over time"
          aside={<span className="text-xs text-ink-muted max-sm:hidden">All tracks together</span>}
        >
          <div className="grid gap-x-6 gap-y-4 p-4 sm:grid-cols-2">
            {charts.map(({ title, value, format }) => (
              <LineChart
                key={title}
                title={title}
                xs={[0, ...history.samples.map(({ atMs }) => atMs / 1000)]}
                ys={sinceTheBeginning(history.samples.map(value))}
                format={format}
                formatX={(seconds) => formatDuration(seconds * 1000)}
                group={recording.id}
                onPick={(seconds) => onSeek(seconds * 1000)}
              />
            ))}
          </div>
        </Panel>
      )}
      <Panel title="What happened">
        <ol className="divide-y divide-line">{stepsOf(history)}</ol>
        {history.previews !== null && history.previews.state !== 'ready' && (
          <p className="border-t border-line px-4 py-2.5 text-xs text-ink-muted">{previewsText(history.previews)}</p>
        )}
      </Panel>
    </>
  );
}

/** Each is the rate since the one before, so the first is that of the beginning too. */
function sinceTheBeginning(values: (number | null)[]): (number | null)[] {
  return [values[0] ?? null, ...values];
}

const stateTexts: Record<Recording['status'], string> = {
  requested: 'Waiting for a recorder',
  starting: 'A recorder starts',
  recording: 'Recording',
  paused: 'Paused',
  finalising: 'The file is being made',
  ready: 'Ready',
  failed: 'Failed',
  absent: 'Nothing was recorded',
};

const attemptKinds = { record: 'A recorder', finalise: 'Who joins the parts' } as const;

const actionTexts: Partial<Record<History['actions'][number]['action'], string>> = {
  'recording.started': 'Started',
  'recording.stopped': 'Stop pressed',
  'recording.paused': 'Pause pressed',
  'recording.resumed': 'Resume pressed',
  'share.created': 'Share link made',
  'share.revoked': 'Share link revoked',
};

/** What was done to it, states and attempts, in order of time. */
function stepsOf({ actions, events, attempts }: History): ReactNode[] {
  const firstAt = events[0]?.at ?? '';
  const steps = [
    ...actions.map(({ at, action, actor, subject }) => ({
      // It is noted once the recording is there, when a recorder may have taken it already.
      at: action === 'recording.started' && firstAt !== '' && firstAt < at ? firstAt : at,
      text: `${actionTexts[action] ?? action} by ${actor.kind === 'api-key' ? 'API key ' : ''}${visibleText(actor.name)}`,
      more: visibleText(subject?.name ?? ''),
    })),
    ...events.map(({ at, status }) => ({ at, text: stateTexts[status], more: '' })),
    ...attempts.flatMap(({ kind, claimedAt, queuedAt, endedAt, outcome, message, startMs }) => {
      const waitedMs = claimedAt === null ? 0 : Date.parse(claimedAt) - Date.parse(queuedAt);
      const from = startMs === null || startMs === 0 ? '' : `, from ${formatPosition(startMs)} on`;
      const taken = {
        at: claimedAt ?? '',
        text: `${attemptKinds[kind]} took it${from}`,
        more: `after ${formatSpan(waitedMs)}`,
      };
      const ended = {
        at: endedAt ?? '',
        text: `${attemptKinds[kind]} ended: ${outcome ?? 'unknown'}`,
        more: message ?? '',
      };
      return [taken, ended].filter(({ at }) => at !== '');
    }),
  ];
  return steps
    .sort((one, other) => one.at.localeCompare(other.at))
    .map(({ at, text, more }) => (
      <li key={`${at} ${text}`} className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2">
        <span className="any-text min-w-0">
          {text}
          {more !== '' && <span className="block text-xs text-ink-muted">{more}</span>}
        </span>
        <span className="figures text-xs text-ink-muted">
          <LocalTime at={at} shape="second" />
        </span>
      </li>
    ));
}

function previewsText({ state, message }: NonNullable<History['previews']>): string {
  if (state === 'failed') return `There is no poster and no storyboard: ${message ?? 'they could not be made.'}`;
  return 'Poster and storyboard are made as soon as a worker with ffmpeg has time.';
}
