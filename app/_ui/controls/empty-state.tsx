import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
}

/** Says what will be here and how to make it so. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded-xl border border-dashed border-line-strong px-6 py-14 text-center">
      <div className="mb-4 grid size-11 place-items-center rounded-full border border-line bg-surface text-ink-muted [&_svg]:size-5">
        {icon}
      </div>
      <h2 className="text-base font-semibold tracking-tight">{title}</h2>
      <div className="mt-1.5 max-w-md text-pretty text-ink-muted">{children}</div>
      {actions && <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
