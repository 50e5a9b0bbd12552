'use client';

import { useMemo } from 'react';
import type { LiveSnapshot } from '../live/live-store.ts';
import { useLive } from '../live/use-live.ts';
import { newestFirst } from '../recording/recording-states.ts';
import { type ListFilter, matchesFilter } from './list-filter.ts';
import type { ListedRecording } from './listed-recording.ts';

const recordingsOf = (live: LiveSnapshot) => live.recordings;

/** Recordings that began since the page was read and belong on top of it, newest first. Other orders and pages have no top. */
export function useArrivals(rendered: readonly ListedRecording[], filter: ListFilter): readonly ListedRecording[] {
  const changed = useLive(recordingsOf);
  return useMemo(() => {
    if (filter.sort !== 'newest' || filter.cursor !== null) return [];
    const [newest] = rendered;
    return [...changed.values()]
      .filter((recording) => newest === undefined || newestFirst(recording, newest) < 0)
      .filter((recording) => matchesFilter(recording, filter))
      .sort(newestFirst);
  }, [changed, rendered, filter]);
}
