import clsx from 'clsx';
import type { Recording } from '../../_control/api.ts';

type Status = Recording['status'];

const looks: Record<Status, { text: string; classes: string; dot: string }> = {
  requested: { text: 'Requested', classes: 'bg-busy-tint text-busy-ink', dot: 'bg-busy animate-pulse-soft' },
  starting: { text: 'Starting', classes: 'bg-busy-tint text-busy-ink', dot: 'bg-busy animate-pulse-soft' },
  recording: { text: 'Recording', classes: 'bg-live-tint text-live-ink', dot: 'bg-live animate-pulse-soft' },
  paused: { text: 'Paused', classes: 'bg-warn-tint text-warn-ink', dot: 'bg-warn' },
  finalising: { text: 'Finalising', classes: 'bg-busy-tint text-busy-ink', dot: 'bg-busy animate-pulse-soft' },
  ready: { text: 'Ready', classes: 'bg-good-tint text-good-ink', dot: 'bg-good' },
  failed: { text: 'Failed', classes: 'text-live-ink ring-1 ring-inset ring-live/40', dot: 'rounded-[1px] bg-live' },
  absent: { text: 'Absent', classes: 'bg-sunken text-ink-muted', dot: 'bg-ink-faint' },
};

const cutShort = { text: 'Cut short', classes: 'bg-warn-tint text-warn-ink', dot: 'bg-warn' };

export function StatusBadge({ recording: { status, error } }: { recording: Pick<Recording, 'status' | 'error'> }) {
  const { text, classes, dot } = status === 'ready' && error !== null ? cutShort : looks[status];
  return (
    <span
      className={clsx('inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2 text-xs font-medium', classes)}
    >
      <span aria-hidden className={clsx('size-1.5 rounded-full', dot)} />
      {text}
    </span>
  );
}
