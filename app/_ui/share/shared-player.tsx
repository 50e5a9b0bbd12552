'use client';

import { useEffect, useRef } from 'react';
import { groupByMedium, mediumNames } from '../player/media-parts.ts';
import { MediumPlayer } from '../player/medium-player.tsx';
import type { SharedView } from './shared-view.ts';

interface SharedPlayerProps {
  recording: SharedView;
  startAtMs: number;
  /** Somebody pressed play before it was there. */
  autoPlay?: boolean;
}

export function SharedPlayer({ recording, startAtMs, autoPlay = false }: SharedPlayerProps) {
  const container = useRef<HTMLDivElement>(null);

  useEffect(() => {
    // A browser that does not allow it leaves the player's own button.
    if (autoPlay)
      container.current
        ?.querySelector<HTMLMediaElement>('video, audio')
        ?.play()
        .catch(() => {});
  }, [autoPlay]);

  const media = recording.media.map((part) => {
    const startS = Math.max(0, startAtMs - part.startMs) / 1000;
    // A media fragment (W3C): every browser begins there by itself.
    return startS > 0 && startAtMs < part.startMs + part.durationMs
      ? { ...part, url: `${part.url}#t=${startS}` }
      : part;
  });
  return (
    <div ref={container} className="space-y-4">
      {groupByMedium(media).map((parts) => {
        const medium = parts[0]?.medium ?? 'camera';
        return <MediumPlayer key={medium} label={`${mediumNames[medium]} recording`} parts={parts} />;
      })}
    </div>
  );
}
