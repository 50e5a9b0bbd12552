'use client';

import { TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useId } from 'react';
import type { Recording } from '../../_control/api.ts';
import { liveFigures, useSamples } from '../live/live-recording.ts';
import { Figure } from '../recording/figure.tsx';
import { Sparkline } from '../recording/sparkline.tsx';
import { StatusBadge } from '../recording/status-badge.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatBitrate, formatBytes, formatCount, formatDuration } from '../text/format.ts';

/** One monitor per running recording. Control is at the participants; here one looks, and opens. */
export function ActiveRecordings({ recordings }: { recordings: readonly Recording[] }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-3 font-semibold">
        Recording now
      </h2>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,19rem),1fr))] gap-3">
        {recordings.map((recording) => (
          <Monitor key={recording.id} recording={recording} />
        ))}
      </div>
    </section>
  );
}

function Monitor({ recording }: { recording: Recording }) {
  const samples = useSamples(recording.id);
  const { stats, durationMs, sizeBytes } = liveFigures(recording, samples);
  return (
    <article className="relative rounded-xl border border-line bg-surface p-4 focus-within:border-line-strong hover:border-line-strong">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="font-medium">
            <Link
              href={`/recordings/${recording.id}`}
              className="after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-focus"
            >
              <AnyText text={recording.identity} />
            </Link>
          </h3>
          <AnyText text={recording.room} className="text-ink-muted" />
        </div>
        <StatusBadge recording={recording} />
      </div>
      <Sparkline values={samples.map((sample) => sample.bitrateBps)} className="mt-4 h-10 w-full" />
      <dl className="mt-3 grid grid-cols-[repeat(5,auto)] justify-between gap-2">
        <Figure label="Time">{formatDuration(durationMs)}</Figure>
        <Figure label="Size">{formatBytes(sizeBytes)}</Figure>
        <Figure label="Bitrate">{stats ? formatBitrate(stats.bitrateBps) : '–'}</Figure>
        <Figure label="Frames">{stats ? `${Math.round(stats.framesPerSecond)} fps` : '–'}</Figure>
        <Figure label="Lost" tone={stats && stats.packetsLost > 0 ? 'warn' : 'normal'}>
          {stats ? formatCount(stats.packetsLost) : '–'}
        </Figure>
      </dl>
      {recording.waiting && <p className="mt-3 text-xs text-ink-muted">{recording.waiting.message}</p>}
      {stats?.uploadTrouble && (
        <p className="mt-3 flex gap-2 text-xs text-warn-ink">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          <span className="any-text line-clamp-2">{stats.uploadTrouble.message}</span>
        </p>
      )}
    </article>
  );
}
