'use client';

import Link from 'next/link';
import type { Recording } from '../../_control/api.ts';
import { liveFigures, useSamples } from '../live/live-recording.ts';
import { StatusBadge } from '../recording/status-badge.tsx';
import { inSourceOrder } from '../recording/track-icon.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatBytes, formatCodec, formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';

/** A table row; on a phone two lines: who and status, then where and how much. */
export function RecordingRow({ recording }: { recording: Recording }) {
  const { durationMs, sizeBytes } = liveFigures(recording, useSamples(recording.id));
  return (
    <tr className="relative grid grid-cols-[minmax(0,1fr)_auto_4.5rem] items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-hover md:table-row [&>td]:md:px-2 [&>td]:md:py-3 [&>td:first-child]:md:pl-4 [&>td:last-child]:md:pr-4">
      <td>
        <Link
          href={`/recordings/${recording.id}`}
          className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          <AnyText text={recording.identity} />
        </Link>
      </td>
      <td className="order-2 col-span-3 text-ink-muted">
        <AnyText text={recording.room} />
      </td>
      <td className="order-3 text-xs text-ink-muted md:text-sm">
        <LocalTime at={recording.startedAt ?? recording.requestedAt} />
      </td>
      <td className="figures order-4 text-right text-xs md:text-sm">
        {durationMs > 0 ? formatDuration(durationMs) : '–'}
      </td>
      <td className="figures order-5 text-right text-xs text-ink-muted md:text-sm">
        {sizeBytes > 0 ? formatBytes(sizeBytes) : '–'}
      </td>
      <td className="hidden truncate text-ink-muted lg:table-cell lg:pl-6!">{codecsText(recording)}</td>
      <td className="order-1 col-span-2 text-right">
        <StatusBadge recording={recording} />
      </td>
    </tr>
  );
}

function codecsText(recording: Recording): string {
  const codecs = new Set(inSourceOrder(recording.tracks).map((track) => formatCodec(track.codec)));
  return codecs.size === 0 ? '–' : [...codecs].join(', ');
}
