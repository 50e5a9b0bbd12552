import clsx from 'clsx';
import { type ReactNode, useId } from 'react';

interface PanelProps {
  title: ReactNode;
  /** Beside the title: a count, a hint. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A titled region with a hairline border: the only kind of box the pages have. */
export function Panel({ title, aside, className, children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx('rounded-xl border border-line bg-surface', className)}>
      <header className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2.5">
        <h2 id={id} className="min-w-0 font-semibold">
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
