'use client';

import { useEffect, useState } from 'react';
import type { History } from '../../_control/history-api.ts';
import { callApi, messageOf } from '../api/call-api.ts';
import { useIsSignedOut } from '../live/use-live.ts';

const everyMs = 10_000;

/** How the recording went, read again while it goes on, and when it took another state. */
export function useHistory(id: string, status: string, growing: boolean) {
  const [read, setRead] = useState<{ history?: History; error?: string }>({});
  const isSignedOut = useIsSignedOut();
  // biome-ignore lint/correctness/useExhaustiveDependencies: Another state is another history.
  useEffect(() => {
    if (isSignedOut) return undefined;
    let isGone = false;
    const load = () =>
      callApi<History>('GET', `/api/v1/recordings/${id}/history`).then(
        (history) => !isGone && setRead({ history }),
        (error: unknown) => !isGone && setRead((before) => ({ ...before, error: messageOf(error) })),
      );
    void load();
    const timer = growing ? setInterval(load, everyMs) : undefined;
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [id, status, growing, isSignedOut]);
  return read;
}
