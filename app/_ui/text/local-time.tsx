'use client';

import { useSyncExternalStore } from 'react';

const shapes = {
  /** 21 Nov 2026, 10:46 */
  minute: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  second: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  clock: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

interface LocalTimeProps {
  at: string;
  shape?: keyof typeof shapes;
}

/** The server does not know the reader's time zone: it renders UTC, the browser puts it right when it takes over. */
export function LocalTime({ at, shape = 'minute' }: LocalTimeProps) {
  const inBrowser = useSyncExternalStore(subscribeToNothing, yes, no);
  return (
    <time dateTime={at} className="figures">
      {formatTime(at, shape, inBrowser ? undefined : 'UTC')}
    </time>
  );
}

function formatTime(at: string, shape: keyof typeof shapes, timeZone: string | undefined): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '–';
  return new Intl.DateTimeFormat('en-GB', { ...shapes[shape], timeZone }).format(date);
}

const subscribeToNothing = () => () => {};
const yes = () => true;
const no = () => false;
