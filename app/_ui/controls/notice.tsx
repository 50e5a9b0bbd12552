import clsx from 'clsx';
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const tones = {
  bad: { classes: 'border-live/25 bg-live-tint text-live-ink', Icon: CircleAlert },
  warn: { classes: 'border-warn/30 bg-warn-tint text-warn-ink', Icon: TriangleAlert },
  info: { classes: 'border-busy/25 bg-busy-tint text-busy-ink', Icon: Info },
} as const;

interface NoticeProps {
  tone: keyof typeof tones;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** A sentence the reader should not miss, and what to do about it. */
export function Notice({ tone, title, children, action }: NoticeProps) {
  const { classes, Icon } = tones[tone];
  return (
    <div
      role="status"
      className={clsx('flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border px-4 py-3', classes)}
    >
      <Icon aria-hidden className="size-4 shrink-0 self-start mt-0.5" />
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-medium">{title}</p>
        {children && <div className="any-text mt-0.5 opacity-90">{children}</div>}
      </div>
      {action}
    </div>
  );
}
