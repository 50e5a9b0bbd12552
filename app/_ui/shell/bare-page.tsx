import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';

/** For pages without navigation: signing in, what is not there, what went wrong. */
export function BarePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-[85dvh] max-w-sm flex-col justify-center px-6 py-16">
      <Logo className="mb-6 size-9" />
      <h1 className="any-text text-xl font-semibold tracking-tight">{title}</h1>
      <div className="mt-2 space-y-4 text-pretty text-ink-muted">{children}</div>
    </main>
  );
}
