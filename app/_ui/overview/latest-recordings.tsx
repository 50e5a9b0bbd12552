import Link from 'next/link';
import type { Recording } from '../../_control/api.ts';
import { Panel } from '../controls/panel.tsx';
import { StatusBadge } from '../recording/status-badge.tsx';
import { AnyText } from '../text/any-text.tsx';
import { formatBytes, formatDuration } from '../text/format.ts';
import { LocalTime } from '../text/local-time.tsx';

export function LatestRecordings({ recordings }: { recordings: readonly Recording[] }) {
  return (
    <Panel
      title="Latest recordings"
      aside={
        <Link href="/recordings" className="text-xs text-ink-muted underline-offset-4 hover:text-ink hover:underline">
          All recordings
        </Link>
      }
    >
      <div className="divide-y divide-line">
        {recordings.map((recording) => (
          <Link
            key={recording.id}
            href={`/recordings/${recording.id}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-2.5 -outline-offset-2 last:rounded-b-xl hover:bg-hover sm:grid-cols-[minmax(0,1fr)_8rem_5rem_5.5rem_6rem]"
          >
            <span className="flex min-w-0 flex-col sm:flex-row sm:gap-2">
              <AnyText text={recording.identity} className="font-medium" />
              <AnyText text={recording.room} className="text-ink-muted" />
            </span>
            <span className="hidden text-right text-ink-muted sm:block">
              <LocalTime at={recording.startedAt ?? recording.requestedAt} />
            </span>
            <span className="figures hidden text-right sm:block">
              {recording.durationMs > 0 ? formatDuration(recording.durationMs) : '–'}
            </span>
            <span className="figures hidden text-right text-ink-muted sm:block">
              {recording.sizeBytes > 0 ? formatBytes(recording.sizeBytes) : '–'}
            </span>
            <span className="text-right">
              <StatusBadge recording={recording} />
            </span>
          </Link>
        ))}
      </div>
    </Panel>
  );
}
