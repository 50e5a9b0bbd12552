'use client';

import { useCallback } from 'react';
import type { LiveSnapshot } from '../live/live-store.ts';
import { useLive } from '../live/use-live.ts';
import type { ListedRecording } from './listed-recording.ts';

/** The row as it is now: what the page was rendered with, or what came since. */
export function useListed(rendered: ListedRecording): ListedRecording {
  const { id } = rendered;
  const live = useLive(useCallback((snapshot: LiveSnapshot) => snapshot.recordings.get(id), [id]));
  if (live === undefined) return rendered;
  const isNewer = live.status !== rendered.status || live.durationMs >= rendered.durationMs;
  // A poster comes after the last event.
  return isNewer ? { ...live, posterUrl: live.posterUrl ?? rendered.posterUrl } : rendered;
}
