'use client';

import clsx from 'clsx';
import Link from 'next/link';
import { useIsDeleted, useSamples } from '../live/live-recording.ts';
import { StatusBadge } from '../recording/status-badge.tsx';
import { inSourceOrder } from '../recording/track-icon.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatBytes, formatCodec, formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';
import { shortText } from '../text/visible-text.ts';
import type { ListedRecording } from './listed-recording.ts';
import { Thumbnail } from './thumbnail.tsx';
import { useListed } from './use-listed.ts';

interface RecordingRowProps {
  recording: ListedRecording;
  selected: boolean;
  /** `range`: everything from the row that was selected before to this one. */
  onSelect(id: string, how: 'toggle' | 'range'): void;
}

/** A table row; on a phone a card: the picture, and beside it who, where, when and how it went. */
export function RecordingRow({ recording: rendered, selected, onSelect }: RecordingRowProps) {
  const recording = useListed(rendered);
  const live = useSamples(recording.id).at(-1);
  const isDeleted = useIsDeleted(recording.id);
  const durationMs = Math.max(recording.durationMs, live?.durationMs ?? 0);
  const sizeBytes = Math.max(recording.sizeBytes, live?.sizeBytes ?? 0);
  const name = `${shortText(recording.identity)} in ${shortText(recording.room)}`;
  return (
    <tr
      data-recording={recording.id}
      className={clsx(
        'relative grid grid-cols-[auto_auto_auto_minmax(0,1fr)] items-center gap-x-3 px-3 py-3 lg:table-row',
        'lg:[&>td]:border-t lg:[&>td]:px-2 lg:[&>td]:py-2.5 lg:[&>td:first-child]:pl-4 lg:[&>td:last-child]:pr-4',
        selected ? 'bg-busy-tint' : 'hover:bg-hover',
      )}
    >
      <td className="row-span-4 self-stretch">
        <label className="relative z-10 -my-3 -ml-3 flex h-[calc(100%+1.5rem)] cursor-pointer items-center py-3 pl-3 lg:m-0 lg:h-auto lg:p-0">
          <input
            type="checkbox"
            aria-label={`Select ${name}`}
            checked={selected}
            // The change is made by the click, which knows about Shift.
            onChange={() => {}}
            onClick={(event) => onSelect(recording.id, event.shiftKey ? 'range' : 'toggle')}
            className="size-4 rounded"
          />
        </label>
      </td>
      <td className="row-span-4">
        <Thumbnail recording={recording} durationMs={durationMs} />
      </td>
      <td className="col-span-2 min-w-0">
        {isDeleted ? (
          <AnyText text={recording.identity} className="text-ink-muted line-through" />
        ) : (
          <Link
            href={`/recordings/${recording.id}`}
            prefetch={false}
            className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
          >
            <AnyText text={recording.identity} />
          </Link>
        )}
        <AnyText text={recording.room} className="text-ink-muted" />
      </td>
      <td className="col-span-2 text-xs text-ink-muted lg:text-sm">
        <LocalTime at={recording.startedAt ?? recording.requestedAt} />
      </td>
      <td className="figures hidden text-right lg:table-cell">{durationMs > 0 ? formatDuration(durationMs) : '–'}</td>
      <td className="figures order-1 mt-1 text-xs text-ink-muted lg:hidden xl:order-none xl:mt-0 xl:table-cell xl:text-right xl:text-sm">
        {sizeBytes > 0 ? formatBytes(sizeBytes) : <span className="hidden xl:inline">–</span>}
      </td>
      <td className="hidden truncate pl-6! text-ink-muted xl:table-cell">{codecsText(recording)}</td>
      <td className="mt-1 lg:mt-0 lg:text-right">
        {isDeleted ? <span className="text-xs text-ink-muted">Deleted</span> : <StatusBadge recording={recording} />}
      </td>
    </tr>
  );
}

function codecsText(recording: ListedRecording): string {
  const codecs = new Set(inSourceOrder(recording.tracks).map((track) => formatCodec(track.codec)));
  return codecs.size === 0 ? '–' : [...codecs].join(', ');
}
