import type { ReactNode } from 'react';
import { Logo } from '../shell/logo.tsx';

/** Around what somebody with a link sees. */
export function SharedPage({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      {children}
      <footer className="flex items-center justify-center gap-2 px-4 py-6 text-xs text-ink-faint">
        <Logo className="size-4" />
        Recorded with Participant Recorder
      </footer>
    </div>
  );
}
