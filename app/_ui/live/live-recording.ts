'use client';

import { useCallback } from 'react';
import type { Recording } from '../../_control/api.ts';
import type { LiveSample, LiveSnapshot, LiveStats } from './live-store.ts';
import { newerRecording } from './newer-recording.ts';
import { useLive } from './use-live.ts';

const noSamples: readonly LiveSample[] = [];

/** The newest of a recording: what the page was rendered with, or what came since. */
export function useLiveRecording(rendered: Recording): Recording {
  const { id } = rendered;
  return newerRecording(rendered, useLive(useCallback((live: LiveSnapshot) => live.recordings.get(id), [id])));
}

export function useIsDeleted(id: string): boolean {
  return useLive(useCallback((live: LiveSnapshot) => live.deleted.has(id), [id]));
}

/** The last two minutes of live figures, newest last. */
export function useSamples(id: string): readonly LiveSample[] {
  return useLive(useCallback((live: LiveSnapshot) => live.samples.get(id), [id])) ?? noSamples;
}

/** Live figures win over those of the last `recording.updated`, which win over the row's own. */
export function liveFigures(recording: Recording, samples: readonly LiveStats[]) {
  const stats = samples.at(-1) ?? recording.stats;
  return {
    stats,
    durationMs: Math.max(recording.durationMs, stats?.durationMs ?? 0),
    sizeBytes: Math.max(recording.sizeBytes, stats?.sizeBytes ?? 0),
  };
}
