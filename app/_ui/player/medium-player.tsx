'use client';

import clsx from 'clsx';
import { type Ref, type RefObject, useImperativeHandle, useRef, useState } from 'react';
import { formatDuration } from '../text/format.ts';
import { mediumNames, type PlayableMedium, partAt } from './media-parts.ts';
import { Player, type PlayerHandle } from './player.tsx';

interface MediumPlayerProps {
  label: string;
  /** In order of time; at least one. The newest there is of each. */
  parts: readonly PlayableMedium[];
  /** While it is being made: more of the last part comes, or further parts. */
  isGrowing?: boolean;
  /** On the recording's clock: where it begins to play. */
  startAtMs?: number;
  /** Who shows it listens for keys itself. */
  hasOwnKeys?: boolean;
  posterUrl?: string | null;
  /** Its times are on the recording's clock. */
  storyboardUrl?: string | null;
  media?: RefObject<HTMLVideoElement | null>;
  onTime?(positionMs: number): void;
  onLive?(isLive: boolean): void;
  ref?: Ref<PlayerHandle>;
}

/** Plays a medium from its first part to its last: one that ends is followed by the next without a hand. */
export function MediumPlayer({ label, parts, isGrowing = false, startAtMs = 0, ref, ...props }: MediumPlayerProps) {
  // Another visit is another player. One that goes on when its parts have become one file is the same.
  const [place, setPlace] = useState({
    index: partAt(parts, startAtMs),
    visit: 0,
    begins: 'paused' as 'paused' | 'playing' | 'live',
    atMs: startAtMs,
  });
  const own = useRef<HTMLVideoElement>(null);
  const player = useRef<PlayerHandle>(null);
  const index = Math.min(place.index, parts.length - 1);
  const part = parts[index];

  const goTo = (next: number, begins: 'playing' | 'live' = 'playing', atMs = parts[next]?.startMs ?? 0) =>
    setPlace(({ visit }) => ({ index: next, visit: visit + 1, begins, atMs }));

  useImperativeHandle(ref, () => ({
    seek(positionMs) {
      const wanted = partAt(parts, positionMs);
      if (wanted === index) player.current?.seek(positionMs);
      else goTo(wanted, 'playing', positionMs);
    },
  }));

  if (part === undefined) return null;
  const isLast = index === parts.length - 1;
  return (
    <div>
      <Player
        key={place.visit}
        ref={player}
        label={parts.length === 1 ? label : `${label}, part ${index + 1} of ${parts.length}`}
        source={part}
        media={props.media ?? own}
        begins={place.begins}
        startAtMs={place.atMs}
        hasOwnKeys={props.hasOwnKeys}
        posterUrl={index === 0 ? props.posterUrl : null}
        storyboardUrl={props.storyboardUrl && fromMsOn(props.storyboardUrl, part.startMs)}
        isGrowing={isGrowing && isLast}
        onTime={props.onTime}
        onLive={props.onLive}
        onEnded={isLast ? undefined : (how) => goTo(index + 1, how)}
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

/** The same pictures, at the times of a file that begins later. */
function fromMsOn(storyboardUrl: string, fromMs: number): string {
  return fromMs === 0 ? storyboardUrl : `${storyboardUrl}&fromMs=${fromMs}`;
}
