'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { callApi, signedOutEvent } from '../api/call-api.ts';
import { LiveStore } from './live-store.ts';
import { LiveContext } from './use-live.ts';

/** Browsers allow six connections to an origin: a tab nobody looks at gives its own back after this long. */
const hiddenForMs = 60_000;

/** One EventSource per tab, for as long as the dashboard is open and looked at. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [store] = useState(
    () =>
      new LiveStore({
        openStream: () => new EventSource('/api/v1/events'),
        // Its 401 is told as any other is.
        onRefused: () => void callApi('GET', '/api/v1/account').catch(() => {}),
        schedule: (notify) => {
          // A hidden tab has no frames.
          if (document.hidden) setTimeout(notify, 250);
          else requestAnimationFrame(notify);
        },
        setTimer: (callback, delayMs) => {
          const timer = setTimeout(callback, delayMs);
          return () => clearTimeout(timer);
        },
        now: () => performance.now(),
      }),
  );
  const router = useRouter();

  useEffect(() => store.onStale(() => router.refresh()), [store, router]);

  useEffect(() => {
    const handleSignedOut = () => store.signOut();
    window.addEventListener(signedOutEvent, handleSignedOut);
    return () => window.removeEventListener(signedOutEvent, handleSignedOut);
  }, [store]);

  useEffect(() => {
    let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
    const handleVisibility = () => {
      clearTimeout(hiddenTimer);
      if (!document.hidden) store.open();
      else hiddenTimer = setTimeout(() => store.startOver(), hiddenForMs);
    };
    store.open();
    document.addEventListener('visibilitychange', handleVisibility);
    return () => {
      clearTimeout(hiddenTimer);
      document.removeEventListener('visibilitychange', handleVisibility);
      store.close();
    };
  }, [store]);

  return <LiveContext value={store}>{children}</LiveContext>;
}
