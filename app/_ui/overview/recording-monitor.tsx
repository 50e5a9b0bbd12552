'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import type { Recording } from '../../_control/api.ts';
import { LEASE_MS } from '../../_control/timing.ts';
import { liveFigures, useSamples } from '../live/live-recording.ts';
import type { LiveStats } from '../live/live-store.ts';
import { useSilenceMs } from '../live/use-silence-ms.ts';
import { Figure } from '../recording/figure.tsx';
import { formatBytes, formatCount, formatSpan } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';
import { gapsSoFar } from './gaps-so-far.ts';

/** Of its own, so that who looks at no graph loads no graphs. */
const LiveGraph = dynamic(() => import('./live-graph.tsx').then((module) => module.LiveGraph), {
  ssr: false,
  loading: () => <div className="h-37" />,
});

/** What there is to know of a running recording without leaving the overview. */
export function RecordingMonitor({ recording }: { recording: Recording }) {
  const samples = useSamples(recording.id);
  const { stats, sizeBytes } = liveFigures(recording, samples);
  const gaps = gapsSoFar(recording.gaps);
  return (
    <div className="grid gap-x-6 gap-y-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <LiveGraph recordingId={recording.id} />
      <div className="flex flex-col justify-between gap-3">
        <dl className="grid grid-cols-3 gap-x-4 gap-y-3">
          <Figure label="Size">{formatBytes(sizeBytes)}</Figure>
          <Figure label="Repaired">{stats ? formatCount(stats.packetsRepaired) : '–'}</Figure>
          <Figure label="Round trip">
            {stats?.roundTripMs === undefined ? '–' : `${Math.round(stats.roundTripMs)} ms`}
          </Figure>
          <Figure label="Gaps so far" tone={gaps.count > 0 ? 'warn' : 'normal'}>
            {gaps.count === 0 ? 'None' : `${gaps.count}, ${formatSpan(gaps.totalMs)}`}
          </Figure>
          <UploadFigure stats={stats} />
          <RecorderFigure recording={recording} heardAtMs={samples.at(-1)?.heardAtMs} />
        </dl>
        {stats?.uploadTrouble && (
          <p className="any-text line-clamp-2 text-xs text-warn-ink">{stats.uploadTrouble.message}</p>
        )}
        <Link
          href={`/recordings/${recording.id}`}
          className="self-start text-xs text-accent underline-offset-4 hover:underline"
        >
          Open the recording
        </Link>
      </div>
    </div>
  );
}

function UploadFigure({ stats }: { stats: LiveStats | null }) {
  if (stats?.uploadTrouble) {
    return (
      <Figure label="Store away since" tone="warn">
        <LocalTime at={new Date(stats.uploadTrouble.sinceUnixMs).toISOString()} shape="clock" />
      </Figure>
    );
  }
  const pending = stats?.segmentsPending ?? 0;
  // One is always being made or on its way.
  return <Figure label="Upload">{stats === null ? '–' : pending <= 1 ? 'Up to date' : `${pending} to go`}</Figure>;
}

/** Each report renews the lease; without one another recorder takes over. */
function RecorderFigure({ recording, heardAtMs }: { recording: Recording; heardAtMs: number | undefined }) {
  const silenceMs = useSilenceMs(heardAtMs);
  if (recording.status !== 'recording' && recording.status !== 'paused') return <Figure label="Recorder">–</Figure>;
  if (silenceMs === 0) return <Figure label="Lease">Renewed</Figure>;
  return (
    <Figure label={silenceMs < LEASE_MS ? 'Lease runs out in' : 'Recorder silent'} tone="warn">
      {formatSpan(silenceMs < LEASE_MS ? LEASE_MS - silenceMs : silenceMs)}
    </Figure>
  );
}
