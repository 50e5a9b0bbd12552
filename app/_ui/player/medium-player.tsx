'use client';

import clsx from 'clsx';
import { useState } from 'react';
import { formatDuration } from '../text/format.ts';
import { mediumNames, type PlayableMedium } from './media-parts.ts';
import { Player, type PlayerSource } from './player.tsx';

interface MediumPlayerProps {
  label: string;
  /** In order of time; at least one. */
  parts: readonly PlayableMedium[];
  /** While it is being made: how long the recording is by now, and how to ask for a newer source of a part. */
  growing?: { durationMs: number; newest(part: number): Promise<PlayerSource | undefined> };
}

/** Plays a medium from its first part to its last: one that ends is followed by the next without a hand. */
export function MediumPlayer({ label, parts, growing }: MediumPlayerProps) {
  // Another visit is another player. One that goes on when its parts have become one file is the same.
  const [place, setPlace] = useState({ index: 0, visit: 0, playing: false });
  const goTo = (next: number) => setPlace(({ visit }) => ({ index: next, visit: visit + 1, playing: true }));
  const index = Math.min(place.index, parts.length - 1);
  const part = parts[index];
  if (part === undefined) return null;
  const isLast = index === parts.length - 1;
  return (
    <div>
      <Player
        key={place.visit}
        label={parts.length === 1 ? label : `${label}, part ${index + 1} of ${parts.length}`}
        source={part}
        autoPlay={place.playing}
        onEnded={isLast ? undefined : () => goTo(index + 1)}
        growing={
          growing && isLast
            ? { durationMs: growing.durationMs - part.startMs, newest: () => growing.newest(part.part) }
            : undefined
        }
      />
      {parts.length > 1 && (
        <nav aria-label={`Parts of ${mediumNames[part.medium]}`} className="mt-2 flex flex-wrap items-center gap-1.5">
          {parts.map((each, at) => (
            <button
              key={each.part}
              type="button"
              aria-current={at === index ? 'true' : undefined}
              onClick={() => goTo(at)}
              className={clsx(
                'figures rounded-md border px-2 py-1 text-xs pointer-coarse:py-2.5',
                at === index ? 'border-line-strong bg-sunken font-medium' : 'border-line text-ink-muted hover:bg-hover',
              )}
            >
              Part {at + 1}
              <span className="ml-1.5 text-ink-faint">
                {formatDuration(each.startMs)} – {formatDuration(each.startMs + each.durationMs)}
              </span>
            </button>
          ))}
        </nav>
      )}
    </div>
  );
}
