import clsx from 'clsx';
import type { ReactNode } from 'react';

interface FigureProps {
  label: string;
  children: ReactNode;
  tone?: 'normal' | 'warn';
}

/** A small labelled number; to be put in a `<dl>`. */
export function Figure({ label, children, tone = 'normal' }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs text-ink-faint">{label}</dt>
      <dd className={clsx('figures mt-0.5 font-medium', tone === 'warn' && 'text-warn-ink')}>{children}</dd>
    </div>
  );
}
