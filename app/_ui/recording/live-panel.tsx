import type { Recording } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import { liveFigures } from '../live/live-recording.ts';
import type { LiveStats } from '../live/live-store.ts';
import { formatBitrate, formatBytes, formatCount, formatDuration } from '../text/format.ts';
import { Figure } from './figure.tsx';
import { Sparkline } from './sparkline.tsx';

interface LivePanelProps {
  recording: Recording;
  samples: readonly LiveStats[];
}

export function LivePanel({ recording, samples }: LivePanelProps) {
  const { stats, durationMs, sizeBytes } = liveFigures(recording, samples);
  return (
    <Panel title="Right now">
      <div className="p-4">
        <Sparkline values={samples.map((sample) => sample.bitrateBps)} className="h-16 w-full" />
        <dl className="mt-4 grid grid-cols-2 gap-x-4 gap-y-3">
          <Figure label="Duration">{formatDuration(durationMs)}</Figure>
          <Figure label="Size">{formatBytes(sizeBytes)}</Figure>
          <Figure label="Bitrate">{stats ? formatBitrate(stats.bitrateBps) : '–'}</Figure>
          <Figure label="Frames per second">{stats ? stats.framesPerSecond.toFixed(1) : '–'}</Figure>
          <Figure label="Packets lost" tone={stats && stats.packetsLost > 0 ? 'warn' : 'normal'}>
            {stats ? formatCount(stats.packetsLost) : '–'}
          </Figure>
          <Figure label="Packets repaired">{stats ? formatCount(stats.packetsRepaired) : '–'}</Figure>
          <Figure label="Round trip">
            {stats?.roundTripMs === undefined ? '–' : `${Math.round(stats.roundTripMs)} ms`}
          </Figure>
          <Figure label="Waiting for upload">{stats ? formatCount(stats.segmentsPending) : '–'}</Figure>
        </dl>
      </div>
    </Panel>
  );
}
