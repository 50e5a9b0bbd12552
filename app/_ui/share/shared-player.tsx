'use client';

import { useEffect, useRef, useState } from 'react';
import { Notice } from '../controls/notice.tsx';
import { RecordingPlayer } from '../player/recording-player.tsx';
import type { SharedView } from './shared-view.ts';

interface SharedPlayerProps {
  recording: SharedView;
  startAtMs: number;
  /** Somebody pressed play before it was there. */
  autoPlay?: boolean;
}

export function SharedPlayer({ recording, startAtMs, autoPlay = false }: SharedPlayerProps) {
  const container = useRef<HTMLDivElement>(null);
  const [ended, setEnded] = useState(false);

  useEffect(() => {
    // A browser that does not allow it leaves the player's own button.
    if (autoPlay)
      container.current
        ?.querySelector<HTMLMediaElement>('video, audio')
        ?.play()
        .catch(() => {});
  }, [autoPlay]);

  // A link that ends while it is watched refuses the next bytes: say so, instead of a player that stands still.
  const address = recording.media[0]?.url;
  useEffect(() => {
    const element = container.current;
    if (element === null || address === undefined) return;
    const ask = async () => {
      const answer = await fetch(address, { method: 'HEAD' });
      if (answer.status === 404) setEnded(true);
    };
    // Of the media within: this event does not bubble.
    const asked = () => void ask().catch(() => {});
    element.addEventListener('error', asked, { capture: true });
    return () => element.removeEventListener('error', asked, { capture: true });
  }, [address]);

  return (
    <div ref={container} className="relative">
      {ended && (
        <div className="absolute inset-x-3 top-3 z-10">
          <Notice tone="warn" title="This link does not work any more">
            It has expired or was withdrawn. Ask whoever sent it for a new one.
          </Notice>
        </div>
      )}
      <RecordingPlayer
        media={recording.media}
        startAtMs={startAtMs}
        posterUrl={recording.posterUrl}
        storyboardUrl={recording.storyboardUrl}
        framesPerSecond={recording.framesPerSecond}
        keysEverywhere
      />
    </div>
  );
}
