'use client';

import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import { emptySnapshot, type LiveSnapshot, type LiveStore } from './live-store.ts';

export const LiveContext = createContext<LiveStore | null>(null);

export function useLiveStore(): LiveStore {
  const store = use(LiveContext);
  if (store === null) throw new Error('useLive is used outside of LiveProvider');
  return store;
}

/**
 * A part of what is live. `select` has to return the same object for the same snapshot (a field, a map entry): render
 * happens when that changes. On the server and while the page takes over, the part is that of an empty snapshot.
 */
export function useLive<Part>(select: (snapshot: LiveSnapshot) => Part): Part {
  const store = useLiveStore();
  const get = useCallback(() => select(store.snapshot()), [store, select]);
  const getOnServer = useCallback(() => select(emptySnapshot), [select]);
  return useSyncExternalStore(store.subscribe, get, getOnServer);
}

const isSignedOut = (live: LiveSnapshot) => live.connection === 'signed-out';

/** The session of this page has ended: asking for anything is in vain. */
export function useIsSignedOut(): boolean {
  return useLive(isSignedOut);
}
