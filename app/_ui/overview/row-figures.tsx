'use client';

import clsx from 'clsx';
import { CloudOff, CloudUpload } from 'lucide-react';
import type { Recording } from '../../_control/api.ts';
import { liveFigures, useSamples } from '../live/live-recording.ts';
import { useSilenceMs } from '../live/use-silence-ms.ts';
import { Sparkline } from '../recording/sparkline.tsx';
import { StatusBadge } from '../recording/status-badge.tsx';
import { formatBitrate, formatCount, formatDuration, formatSpan } from '../text/format.ts';

/** Segments that wait while all is well: the one on its way, and the one behind it. */
const usuallyPending = 2;

/** What changes each second, in columns that keep their places. */
export function RowFigures({ recording }: { recording: Recording }) {
  const samples = useSamples(recording.id);
  const { stats, durationMs } = liveFigures(recording, samples);
  const silenceMs = useSilenceMs(samples.at(-1)?.heardAtMs);
  const isRecording = recording.status === 'recording' && recording.waiting === null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs lg:justify-end lg:gap-x-2">
      {isRecording ? (
        <>
          <Sparkline values={samples.map(({ bitrateBps }) => bitrateBps)} className="hidden h-6 w-20 lg:block" />
          <Cell className="w-14 font-medium text-live-ink">
            <span aria-hidden className="mr-1.5 inline-block size-1.5 rounded-full bg-live align-middle" />
            {formatDuration(durationMs)}
          </Cell>
          {silenceMs > 0 ? (
            <Cell className="w-43 text-warn-ink">No word for {formatSpan(silenceMs)}</Cell>
          ) : (
            <>
              <Cell className="w-15">{stats ? formatBitrate(stats.bitrateBps) : '–'}</Cell>
              <Cell className="w-11">{stats ? `${Math.round(stats.framesPerSecond)} fps` : '–'}</Cell>
              <Cell className={clsx('w-13', stats && stats.packetsLost > 0 ? 'text-warn-ink' : 'text-ink-muted')}>
                {stats ? `${formatCount(stats.packetsLost)} lost` : '–'}
              </Cell>
            </>
          )}
          <Upload pending={stats?.segmentsPending ?? 0} isAway={stats?.uploadTrouble !== undefined} />
        </>
      ) : (
        <>
          {recording.waiting && <span className="min-w-0 text-ink-muted">{recording.waiting.message}</span>}
          <StatusBadge recording={recording} />
        </>
      )}
    </div>
  );
}

function Cell({ className, children }: { className: string; children: React.ReactNode }) {
  return <span className={clsx('figures lg:text-right', className)}>{children}</span>;
}

function Upload({ pending, isAway }: { pending: number; isAway: boolean }) {
  if (!isAway && pending <= usuallyPending) return <span className="hidden w-8 lg:block" />;
  const Icon = isAway ? CloudOff : CloudUpload;
  const text = `${formatCount(pending)} ${pending === 1 ? 'segment' : 'segments'} not yet stored`;
  return (
    <span title={text} className={clsx('figures inline-flex items-center gap-1 lg:w-8', isAway && 'text-warn-ink')}>
      <Icon aria-hidden className="size-3.5" />
      <span aria-hidden>{formatCount(pending)}</span>
      <span className="sr-only">{text}</span>
    </span>
  );
}
