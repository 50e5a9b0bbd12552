'use client';

import { useEffect, useState } from 'react';
import type { Recording } from '../../_control/api.ts';
import { callApi } from '../api/call-api.ts';
import { useIsSignedOut } from '../live/use-live.ts';

const everyMs = 2_000;

type Counted = Pick<Recording, 'tracks' | 'totals' | 'gaps' | 'media'>;

/**
 * The counters of a recording that is being made, and what of it can be played, every two seconds while somebody looks. Events bring them only when
 * something else changed: a hundred pages that follow a hundred recordings need them of one.
 */
export function useNewestTracks(recording: Recording, growing: boolean): Counted {
  const { id } = recording;
  const [newest, setNewest] = useState<{ of: string; counted: Counted } | undefined>(undefined);
  const isSignedOut = useIsSignedOut();
  useEffect(() => {
    if (isSignedOut) return undefined;
    if (!growing) {
      setNewest(undefined);
      return undefined;
    }
    const read = async () => {
      if (document.visibilityState === 'hidden') return;
      // One that fails is followed by another; what is wrong with the connection is told elsewhere.
      const counted = await callApi<Recording>('GET', `/api/v1/recordings/${id}`).catch(() => undefined);
      if (counted) setNewest({ of: id, counted });
    };
    const timer = setInterval(read, everyMs);
    return () => clearInterval(timer);
  }, [id, growing, isSignedOut]);
  return growing && newest?.of === id ? newest.counted : recording;
}
