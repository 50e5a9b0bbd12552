'use client';

import clsx from 'clsx';
import type { LiveSnapshot } from '../live/live-store.ts';
import { useLive } from '../live/use-live.ts';

const states = {
  connecting: { text: 'Connecting', dot: 'bg-ink-faint' },
  open: { text: 'Live', dot: 'bg-good' },
  lost: { text: 'Reconnecting', dot: 'bg-warn animate-pulse-soft' },
  'signed-out': { text: 'Signed out', dot: 'bg-live' },
} as const;

const connectionOf = (live: LiveSnapshot) => live.connection;

/** Whether what is on the page is what is happening now. */
export function ConnectionLight() {
  const { text, dot } = states[useLive(connectionOf)];
  return (
    <span role="status" className="inline-flex items-center gap-2 text-xs text-ink-muted">
      <span className={clsx('size-1.5 rounded-full', dot)} />
      {text}
    </span>
  );
}
