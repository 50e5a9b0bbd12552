'use client';

import clsx from 'clsx';
import { type Ref, type RefObject, useImperativeHandle, useRef, useState } from 'react';
import { formatDuration } from '../text/format.ts';
import { mediumNames, type PlayableMedium, partAt } from './media-parts.ts';
import { type Growing, Player, type PlayerSource } from './player.tsx';

export interface PlayerHandle {
  /** @param positionMs on the recording's clock */
  seek(positionMs: number): void;
}

interface MediumPlayerProps {
  label: string;
  /** In order of time; at least one. */
  parts: readonly PlayableMedium[];
  /** While it is being made: how long the recording is by now, and how to ask for a newer source of a part. */
  growing?: Omit<Growing, 'newest'> & { newest(part: number): Promise<PlayerSource | undefined> };
  /** On the recording's clock: where it begins to play. */
  startAtMs?: number;
  /** Who shows it listens for keys itself. */
  hasOwnKeys?: boolean;
  posterUrl?: string | null;
  /** Its times are on the recording's clock. */
  storyboardUrl?: string | null;
  media?: RefObject<HTMLVideoElement | null>;
  onTime?(positionMs: number): void;
  ref?: Ref<PlayerHandle>;
}

/** A storyboard of another clock shows what is elsewhere. */
const sameClockMs = 500;

/** Plays a medium from its first part to its last: one that ends is followed by the next without a hand. */
export function MediumPlayer({ label, parts, growing, startAtMs = 0, ref, onTime, ...props }: MediumPlayerProps) {
  // Another visit is another player. One that goes on when its parts have become one file is the same.
  const [place, setPlace] = useState({ index: partAt(parts, startAtMs), visit: 0, playing: false, atMs: startAtMs });
  const own = useRef<HTMLVideoElement>(null);
  const media = props.media ?? own;
  const index = Math.min(place.index, parts.length - 1);
  const part = parts[index];
  /** On the part's own clock, which may be that of what was loaded before. */
  const loadedStartMs = useRef(part?.startMs ?? 0);

  const goTo = (next: number, atMs?: number) =>
    setPlace(({ visit }) => ({
      index: next,
      visit: visit + 1,
      playing: true,
      atMs: atMs ?? parts[next]?.startMs ?? 0,
    }));

  useImperativeHandle(ref, () => ({
    seek(positionMs) {
      const wanted = partAt(parts, positionMs);
      if (wanted !== index) goTo(wanted, positionMs);
      else if (media.current) media.current.currentTime = Math.max(0, positionMs - loadedStartMs.current) / 1000;
    },
  }));

  if (part === undefined) return null;
  const isLast = index === parts.length - 1;
  const isWhole = parts.length === 1 && part.startMs < sameClockMs;
  return (
    <div>
      <Player
        key={place.visit}
        label={parts.length === 1 ? label : `${label}, part ${index + 1} of ${parts.length}`}
        source={part}
        media={media}
        autoPlay={place.playing}
        startAtS={Math.max(0, place.atMs - part.startMs) / 1000}
        hasOwnKeys={props.hasOwnKeys}
        posterUrl={index === 0 ? props.posterUrl : null}
        storyboardUrl={isWhole ? props.storyboardUrl : null}
        onTime={(source, seconds) => {
          loadedStartMs.current = source.startMs;
          onTime?.(source.startMs + seconds * 1000);
        }}
        onEnded={isLast ? undefined : () => goTo(index + 1)}
        growing={
          growing && isLast
            ? {
                durationMs: growing.durationMs - part.startMs,
                tracks: growing.tracks,
                newest: () => growing.newest(part.part),
              }
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
