'use client';

import clsx from 'clsx';
import { ArrowLeftRight, Columns2, Keyboard, PictureInPicture2 } from 'lucide-react';
import { type Ref, useCallback, useRef, useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Companion } from './companion.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { groupByMedium, mediumNames, type PlayableMedium } from './media-parts.ts';
import { MediumPlayer } from './medium-player.tsx';
import { obeyCommand } from './obey-command.ts';
import type { PlayerHandle } from './player.tsx';
import { usePlayerKeys } from './use-player-keys.ts';

interface RecordingPlayerProps {
  /** The newest there is of the recording, by medium and in order of time. */
  media: readonly PlayableMedium[];
  startAtMs?: number;
  posterUrl?: string | null;
  storyboardUrl?: string | null;
  /** Of the picture, for going from frame to frame. */
  framesPerSecond?: number | undefined;
  /** While it is being made. */
  isGrowing?: boolean;
  /** Keys that nothing else on the page has a use for are the player's. */
  keysEverywhere?: boolean;
  onTime?(positionMs: number): void;
  ref?: Ref<PlayerHandle>;
}

const usualFramesPerSecond = 30;

/** A recording: one medium in the player, and the other, if there is one, beside it or in its corner, at the same moment. */
export function RecordingPlayer(props: RecordingPlayerProps) {
  const { media, isGrowing = false, framesPerSecond = usualFramesPerSecond, startAtMs = 0, onTime } = props;
  const container = useRef<HTMLDivElement>(null);
  const playing = useRef<HTMLVideoElement>(null);
  const told = useRef({ element: null as HTMLVideoElement | null, atS: 0, positionMs: startAtMs });
  const [swapped, setSwapped] = useState(false);
  const [inCorner, setInCorner] = useState(false);
  const [helping, setHelping] = useState(false);
  const [isLive, setIsLive] = useState(false);

  // The player tells four times a second where it is: in between, what plays knows.
  const positionNowMs = useCallback(() => {
    const { element, atS, positionMs } = told.current;
    return element && element === playing.current ? positionMs + (element.currentTime - atS) * 1000 : positionMs;
  }, []);

  usePlayerKeys(container, props.keysEverywhere ?? false, (command) => {
    if (command.do === 'help') setHelping(true);
    else if (playing.current) obeyCommand(playing.current, command, Math.max(1, framesPerSecond));
  });

  const groups = groupByMedium(media);
  const [leader, companion] = swapped && groups.length === 2 ? [...groups].reverse() : groups;
  const medium = leader?.[0]?.medium;
  if (!leader || !medium) return null;
  const showsPicture = (parts: readonly PlayableMedium[]) =>
    parts.some((part) => part.contentType.startsWith('video/'));
  const hasPair = companion !== undefined && showsPicture(companion) && showsPicture(leader);
  return (
    <div ref={container}>
      <div
        className={clsx('relative', hasPair && !inCorner && 'grid items-start gap-2 sm:grid-cols-2')}
        data-layout={hasPair ? (inCorner ? 'corner' : 'beside') : 'one'}
      >
        <MediumPlayer
          key={medium}
          ref={props.ref}
          label={`Recording of ${mediumNames[medium].toLowerCase()}`}
          parts={leader}
          media={playing}
          startAtMs={told.current.positionMs}
          hasOwnKeys
          // Both are of the first medium.
          posterUrl={leader === groups[0] ? (props.posterUrl ?? null) : null}
          storyboardUrl={leader === groups[0] ? (props.storyboardUrl ?? null) : null}
          onTime={(nowMs) => {
            const element = playing.current;
            told.current = { element, atS: element?.currentTime ?? 0, positionMs: nowMs };
            onTime?.(nowMs);
          }}
          isGrowing={isGrowing}
          onLive={setIsLive}
        />
        {companion?.[0] && (
          <Companion
            key={`with ${medium}`}
            label={`Recording of ${mediumNames[companion[0].medium].toLowerCase()}`}
            parts={companion}
            isGrowing={isGrowing}
            isLive={isLive}
            leader={playing}
            positionNowMs={positionNowMs}
            className={clsx(
              !showsPicture(companion) && 'sr-only',
              inCorner
                ? 'absolute! right-3 bottom-16 aspect-video w-1/4 min-w-28 ring-1 ring-white/20'
                : 'aspect-video w-full',
            )}
          />
        )}
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {hasPair && (
          <>
            <Button
              size="small"
              icon={inCorner ? <Columns2 aria-hidden /> : <PictureInPicture2 aria-hidden />}
              onClick={() => setInCorner(!inCorner)}
            >
              {inCorner ? 'Side by side' : 'In the corner'}
            </Button>
            <Button size="small" icon={<ArrowLeftRight aria-hidden />} onClick={() => setSwapped(!swapped)}>
              Swap
            </Button>
          </>
        )}
        <Button
          size="small"
          look="quiet"
          className="ml-auto pointer-coarse:hidden"
          icon={<Keyboard aria-hidden />}
          onClick={() => setHelping(true)}
        >
          Keys
        </Button>
      </div>
      <KeysDialog open={helping} onOpenChange={setHelping} />
    </div>
  );
}
