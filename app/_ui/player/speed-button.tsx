'use client';

import { type RefObject, useEffect, useState } from 'react';

const speeds: readonly number[] = [1, 1.25, 1.5, 2, 0.5];

/** The next speed with each press. Ours, because the library's is named otherwise than what can be read on it. */
export function SpeedButton({ media }: { media: RefObject<HTMLMediaElement | null> }) {
  const [speed, setSpeed] = useState(1);

  useEffect(() => {
    const element = media.current;
    if (element === null) return;
    const read = () => setSpeed(element.playbackRate);
    element.addEventListener('ratechange', read);
    return () => element.removeEventListener('ratechange', read);
  }, [media]);

  const next = () => {
    if (media.current === null) return;
    media.current.playbackRate = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
  };

  return (
    <button type="button" onClick={next} className="player-speed @max-xs:hidden" aria-label={`Speed ${speed}×`}>
      {speed}×
    </button>
  );
}
