import Link from 'next/link';
import type { ReactNode } from 'react';
import { LiveProvider } from '../live/live-provider.tsx';
import { AccountMenu, type ShownUser } from './account-menu.tsx';
import { ConnectionLight } from './connection-light.tsx';
import { Logo } from './logo.tsx';
import { Navigation } from './navigation.tsx';
import { SignedOutNotice } from './signed-out-notice.tsx';
import { SkipLink } from './skip-link.tsx';
import type { Theme } from './theme.ts';
import { Toasts } from './toasts.tsx';

interface ShellProps {
  theme: Theme;
  user: ShownUser | undefined;
  children: ReactNode;
}

/** What is around every page of the dashboard. */
export function Shell({ theme, user, children }: ShellProps) {
  return (
    <LiveProvider>
      <SkipLink />
      <div className="md:grid md:min-h-dvh md:grid-cols-[14rem_minmax(0,1fr)]">
        <header className="sticky top-0 z-20 flex items-center gap-3 border-b border-line bg-canvas px-4 py-2 md:h-dvh md:flex-col md:items-stretch md:border-r md:border-b-0 md:px-3 md:py-4">
          <Link
            href="/"
            className="flex items-center gap-2 rounded-lg font-semibold tracking-tight md:mb-4 md:px-2.5 md:py-1"
          >
            <Logo className="size-5" />
            Participant Recorder
          </Link>
          <Navigation />
          <div className="ml-auto flex items-center justify-between gap-3 md:mt-auto md:ml-0 md:pl-2.5">
            <ConnectionLight />
            <AccountMenu user={user} theme={theme} />
          </div>
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 px-4 pt-6 pb-28 outline-none md:px-8 md:pt-8 md:pb-16 xl:px-12"
        >
          <div className="mx-auto max-w-6xl">
            <SignedOutNotice />
            {children}
          </div>
        </main>
      </div>
      <Toasts />
    </LiveProvider>
  );
}
